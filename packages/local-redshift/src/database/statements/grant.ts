import { SqlError } from "../../sql/sql-error.ts";
import type { GrantClause, GranteeNode, PrivilegeNode } from "../../sql/tree-rights.ts";
import { isRelation } from "../catalogue.ts";
import type { OwnedObject, RelationObject } from "../catalogue-object.ts";
import type { StatementResult } from "../database.ts";
import { findRoutine } from "../functions/find-function.ts";
import { functionsIn } from "../functions/function-statements.ts";
import { done } from "../query-result.ts";
import { isOwner, mayGrant, permissionDenied } from "../rights/check.ts";
import {
  privilegeNamed,
  privilegesOf,
  withGrant,
  withoutGrant,
  type Grant,
  type GrantableKind,
  type Privilege,
} from "../rights/privilege.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { fold, foldParts, mustFind } from "./names.ts";
import { granteeOid } from "./principals.ts";

/** GRANT and REVOKE of privileges on objects. Source of the rules: Database Developer Guide, r_GRANT and its usage notes. */
export async function grant(statement: StatementOf<"grant">, context: StatementContext): Promise<StatementResult> {
  const { clause } = statement;
  for (const found of await findObjects(statement, context)) {
    await context.lock(`name:grants ${found.oid}`, "exclusive");
    const object = (context.catalogue.get(found.oid) ?? found) as OwnedObject;
    const changed = apply(clause, object, context);
    await context.begin();
    if (changed !== object) await context.change(changed);
  }
  return done(clause.revoke ? "REVOKE" : "GRANT");
}

async function findObjects(statement: StatementOf<"grant">, context: StatementContext): Promise<OwnedObject[]> {
  const { on } = statement;
  switch (on.kind) {
    case "tables": {
      const relations: RelationObject[] = [];
      for (const name of on.names) relations.push(await mustFind(name, "share", context));
      return relations;
    }
    case "all tables": {
      const schemas = on.schemas.map((part) => findSchema(fold(part, context), context).name);
      return context.catalogue.relations.filter((relation) => schemas.includes(relation.schema));
    }
    case "schemas":
      return on.names.map((name) => findSchema(foldParts(name, context).at(-1)!, context));
    case "databases":
      return on.names.map((name) => findDatabase(foldParts(name, context).at(-1)!, context));
    case "procedures":
      return on.routines.map(({ name, args }) => findRoutine("procedure", name, args, context));
    case "all procedures": {
      const schemas = on.schemas.map((part) => findSchema(fold(part, context), context).name);
      return context.catalogue.procedures.filter((procedure) => schemas.includes(procedure.schema));
    }
    case "functions":
      return on.routines.map(({ name, args }) => findRoutine("function", name, args, context));
    case "all functions": {
      const schemas = on.schemas.map((part) => findSchema(fold(part, context), context).name);
      return [...functionsIn(schemas, context)];
    }
    case "languages":
      return on.names.map((name) => findLanguage(foldParts(name, context).at(-1)!, context));
  }
}

function findSchema(name: string, context: StatementContext): OwnedObject {
  const schema = context.catalogue.schema(name);
  if (schema === undefined) throw new SqlError(`schema "${name}" does not exist`, { sqlState: "3F000" });
  return schema;
}

function findLanguage(name: string, context: StatementContext): OwnedObject {
  const language = context.catalogue.language(name);
  if (language === undefined) throw new SqlError(`language "${name}" does not exist`, { sqlState: "42704" });
  return language;
}

function findDatabase(name: string, context: StatementContext): OwnedObject {
  const { database } = context.catalogue;
  if (database.name !== name) throw new SqlError(`database "${name}" does not exist`, { sqlState: "3D000" });
  return database;
}

function apply(clause: GrantClause, object: OwnedObject, context: StatementContext): OwnedObject {
  let changed = object;
  for (const node of clause.privileges) {
    const privileges = namedPrivileges(node, object, context);
    for (const { grantee, withOption } of clause.to) {
      if (withOption) checkOption(grantee, node);
      const to = granteeOid(grantee, context);
      for (const privilege of privileges)
        for (const column of node.columns.length === 0 ? [undefined] : node.columns.map((part) => fold(part, context)))
          changed = applyOne({ clause, to, privilege, column, withOption }, changed, context);
    }
  }
  return changed;
}

interface Change {
  readonly clause: GrantClause;
  readonly to: number;
  readonly privilege: Privilege;
  readonly column: string | undefined;
  readonly withOption: boolean;
}

function applyOne(change: Change, object: OwnedObject, context: StatementContext): OwnedObject {
  const { clause, to, privilege, column, withOption } = change;
  const owner = context.catalogue.user(object.owner)?.oid;
  checkLevels(change, object);
  if (clause.revoke) {
    const target = { to, privilege, ...(column === undefined ? {} : { column }) };
    return withoutGrant(object, target, clause.optionOnly, owner);
  }
  const given: Grant = {
    to,
    privilege,
    by: context.user.oid,
    ...(withOption ? { grantable: true as const } : {}),
    ...(column === undefined ? {} : { column }),
  };
  const isHeld = column !== undefined && hasWhole(object, to, privilege);
  return isHeld ? object : withGrant(object, given, owner);
}

const hasWhole = (object: OwnedObject, to: number, privilege: Privilege) =>
  (object.grants ?? []).some((grant) => grant.to === to && grant.privilege === privilege && grant.column === undefined);

/** The same privilege cannot be held on a table and on its columns. Source: r_GRANT-usage-notes; the texts are UNCONFIRMED. */
function checkLevels({ clause, to, privilege, column }: Change, object: OwnedObject): void {
  const ofColumns = (object.grants ?? []).some(
    (grant) => grant.to === to && grant.privilege === privilege && grant.column !== undefined,
  );
  const name = privilege.toUpperCase();
  if (!clause.revoke && column === undefined && ofColumns)
    throw new SqlError(
      `cannot grant ${name} on relation ${object.name}: the grantee has it on some of its columns; revoke that first`,
      { sqlState: "0A000" },
    );
  if (clause.revoke && column !== undefined && hasWhole(object, to, privilege))
    throw new SqlError(
      `cannot revoke ${name} on columns of relation ${object.name}: the grantee has it on the whole relation`,
      { sqlState: "0A000" },
    );
}

function kindOf(object: OwnedObject): GrantableKind {
  return isRelation(object) ? "table" : object.kind;
}

/** The privileges that a word stands for, as far as the user may pass them on. Throws when that is none. */
function namedPrivileges(node: PrivilegeNode, object: OwnedObject, context: StatementContext): readonly Privilege[] {
  const kind = kindOf(object);
  const isAll = node.name === "all";
  if (node.columns.length > 0) checkColumns(node, object, context);
  const named = isAll ? allOf(kind, node, object) : [privilegeNamed(node.name, kind)];
  const privileges = named.map((privilege) => {
    if (privilege === undefined)
      throw new SqlError(`invalid privilege type ${node.name.toUpperCase()} for ${kindWords[kind]}`, {
        sqlState: "0LP01",
      });
    return privilege;
  });
  if (object.kind === "schema" && object.kinesis !== undefined && privileges.includes("create"))
    throw new SqlError(`GRANT CREATE is not supported on external schema "${object.name}"`, { sqlState: "0A000" });
  const allowed = privileges.filter((privilege) => mayGrant(context.user, object, privilege));
  if (allowed.length === 0 || (!isAll && allowed.length < privileges.length)) throw permissionDenied(object);
  return allowed;
}

const kindWords: Readonly<Record<GrantableKind, string>> = {
  table: "relation",
  schema: "schema",
  database: "database",
  function: "function",
  procedure: "procedure",
  language: "language",
};

function allOf(kind: GrantableKind, node: PrivilegeNode, object: OwnedObject): readonly Privilege[] {
  if (node.columns.length > 0) return object.kind === "table" ? ["select", "update"] : ["select"];
  const all: readonly Privilege[] = privilegesOf[kind];
  const isExternal = object.kind === "schema" && object.kinesis !== undefined;
  return isExternal ? all.filter((privilege) => privilege !== "create") : all;
}

/** Source: r_GRANT-usage-notes, column-level access control. The texts are UNCONFIRMED. */
function checkColumns(node: PrivilegeNode, object: OwnedObject, context: StatementContext): void {
  const refuse = (text: string) => new SqlError(text, { sqlState: "0A000" });
  if (!isRelation(object)) throw refuse(`column privileges are only valid for relations`);
  const name = node.name.toUpperCase();
  if (!["all", "select", "update"].includes(node.name))
    throw refuse(`${name} cannot be granted on columns; SELECT and UPDATE can`);
  if (object.kind !== "table" && node.name === "update")
    throw refuse("UPDATE cannot be granted on columns of a view; SELECT can");
  if (object.kind === "view" && object.lateBinding)
    throw refuse("column privileges are not supported on late-binding views");
  if (!isOwner(context.user, object)) throw permissionDenied(object);
  for (const part of node.columns) {
    const column = fold(part, context);
    if (!object.columns.some((other) => other.name === column))
      throw new SqlError(`column "${column}" of relation "${object.name}" does not exist`, { sqlState: "42703" });
  }
}

/** WITH GRANT OPTION is for users, and not for columns. Source: r_GRANT; texts UNCONFIRMED. */
export function checkOption(grantee: GranteeNode, node: PrivilegeNode): void {
  if (grantee.kind !== "user")
    throw new SqlError("grant options can only be granted to individual users", { sqlState: "0LP01" });
  if (node.columns.length > 0)
    throw new SqlError("WITH GRANT OPTION is not supported for column privileges", { sqlState: "0A000" });
}
