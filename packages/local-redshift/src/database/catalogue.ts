import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../sql/bound.ts";
import type {
  CatalogueObject,
  DatabaseObject,
  FunctionObject,
  LanguageObject,
  OwnedObject,
  ProcedureObject,
  RelationObject,
  SchemaObject,
} from "./catalogue-object.ts";
import { readRows } from "./duck.ts";
import {
  firstPrincipalOid,
  type DefaultPrivilegesObject,
  type GroupObject,
  type PrincipalObject,
  type RoleObject,
  type UserObject,
} from "./rights/principal.ts";
import { initialAnyRole, type IamRoleObject } from "./rights/assume-role.ts";
import { builtInLanguages } from "./rights/languages.ts";
import { publicOid, type Grant } from "./rights/privilege.ts";
import type { RlsPolicyObject } from "./row-security/row-security.ts";
import { systemRoles } from "./rights/system-roles.ts";

/** What objects a database has, at one moment. It never changes; a change makes another. */
export class Catalogue {
  readonly #objects: ReadonlyMap<number, CatalogueObject>;
  readonly #relations = new Map<string, RelationObject>();
  readonly #schemas = new Map<string, SchemaObject>();
  readonly #procedures: ProcedureObject[] = [];
  readonly #functions: FunctionObject[] = [];
  readonly #languages = new Map(builtInLanguages.map((language) => [language.name, language]));
  readonly #iamRoles = new Map([[initialAnyRole.name, initialAnyRole]]);
  readonly #policies = new Map<string, RlsPolicyObject>();
  readonly #principals = new Map<string, PrincipalObject>();
  readonly defaultPrivileges: readonly DefaultPrivilegesObject[];

  constructor(objects: Iterable<CatalogueObject>) {
    this.#objects = new Map([...objects].map((object) => [object.oid, object]));
    const defaults: DefaultPrivilegesObject[] = [];
    for (const object of this.#objects.values())
      if (object.kind === "schema") this.#schemas.set(object.name, object);
      else if (object.kind === "procedure") this.#procedures.push(object);
      else if (object.kind === "function") this.#functions.push(object);
      else if (object.kind === "language") this.#languages.set(object.name, object);
      else if (isRelation(object)) this.#relations.set(relationKey(object.schema, object.name), object);
      else if (object.kind === "default privileges") defaults.push(object);
      else if (object.kind === "iam role") this.#iamRoles.set(object.name, object);
      else if (object.kind === "rls policy") this.#policies.set(object.name, object);
      else if (object.kind !== "database") this.#principals.set(principalKey(object.kind, object.name), object);
    this.defaultPrivileges = defaults;
  }

  get(oid: number): CatalogueObject | undefined {
    return this.#objects.get(oid);
  }

  relation(schema: string, name: string): RelationObject | undefined {
    return this.#relations.get(relationKey(schema, name));
  }

  schema(name: string): SchemaObject | undefined {
    return this.#schemas.get(name);
  }

  get schemas(): readonly SchemaObject[] {
    return [...this.#schemas.values()].sort(byName);
  }

  get relations(): readonly RelationObject[] {
    return [...this.#relations.values()].sort((a, b) =>
      a.schema === b.schema ? byName(a, b) : a.schema < b.schema ? -1 : 1,
    );
  }

  /** Procedures in order; those of one name differ in the types of their arguments. */
  get procedures(): readonly ProcedureObject[] {
    return this.#procedures.toSorted(byName);
  }

  /** Functions in SQL, in order; those of one name differ in the types of their arguments. */
  get functions(): readonly FunctionObject[] {
    return this.#functions.toSorted(byName);
  }

  language(name: string): LanguageObject | undefined {
    return this.#languages.get(name);
  }

  get languages(): readonly LanguageObject[] {
    return [...this.#languages.values()].sort(byName);
  }

  iamRole(name: string): IamRoleObject | undefined {
    return this.#iamRoles.get(name);
  }

  /** IAM roles that someone may assume, any role among them. */
  get iamRoles(): readonly IamRoleObject[] {
    return [...this.#iamRoles.values()];
  }

  /** The policy of row-level security of this name. */
  policy(name: string): RlsPolicyObject | undefined {
    return this.#policies.get(name);
  }

  get policies(): readonly RlsPolicyObject[] {
    return [...this.#policies.values()].sort(byName);
  }

  /** The database itself. */
  get database(): DatabaseObject {
    return this.#objects.get(databaseOid) as DatabaseObject;
  }

  user(name: string): UserObject | undefined {
    return this.#principals.get(principalKey("user", name)) as UserObject | undefined;
  }

  role(name: string): RoleObject | undefined {
    return this.#principals.get(principalKey("role", name)) as RoleObject | undefined;
  }

  group(name: string): GroupObject | undefined {
    return this.#principals.get(principalKey("group", name)) as GroupObject | undefined;
  }

  get users(): readonly UserObject[] {
    return [...this.#principals.values()].filter((principal) => principal.kind === "user").sort(byName);
  }

  get roles(): readonly RoleObject[] {
    return [...this.#principals.values()].filter((principal) => principal.kind === "role").sort(byName);
  }

  get groups(): readonly GroupObject[] {
    return [...this.#principals.values()].filter((principal) => principal.kind === "group").sort(byName);
  }

  /** Objects that someone owns. */
  get owned(): readonly OwnedObject[] {
    return [
      this.database,
      ...this.#schemas.values(),
      ...this.#relations.values(),
      ...this.#procedures,
      ...this.#functions,
      ...this.#languages.values(),
    ];
  }

  /** The greatest number that an object has. */
  get lastOid(): number {
    return Math.max(0, ...this.#objects.keys());
  }

  /** A number for a new user, role or group: 100 and up, and no object's. */
  nextPrincipalOid(): number {
    let oid = Math.max(firstPrincipalOid - 1, ...[...this.#principals.values()].map((principal) => principal.oid)) + 1;
    while (this.#objects.has(oid)) oid += 1;
    return oid;
  }

  /** Relations whose queries name this object. */
  dependentsOf(oid: number): readonly RelationObject[] {
    return this.relations.filter(
      (relation) => relation.kind !== "table" && relation.references.some(([, reference]) => reference === oid),
    );
  }

  /** The catalogue after some changes. */
  with(changes: readonly CatalogueChange[]): Catalogue {
    const objects = new Map(this.#objects);
    for (const change of changes)
      if (change.object === undefined) objects.delete(change.oid);
      else objects.set(change.oid, change.object);
    return new Catalogue(objects.values());
  }
}

/** An object made, changed or, without one, dropped. */
export interface CatalogueChange {
  readonly oid: number;
  readonly object: CatalogueObject | undefined;
}

const relationKey = (schema: string, name: string) => JSON.stringify([schema, name]);
const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

const principalKey = (kind: PrincipalObject["kind"], name: string) => `${kind} ${name}`;

/** Whether an object is a table or a view of some kind. */
export function isRelation(object: CatalogueObject): object is RelationObject {
  return object.kind === "table" || object.kind === "view" || object.kind === "materialized view";
}

const databaseOid = 5;
const serviceUser: UserObject = { kind: "user", oid: 1, name: "rdsdb", superuser: true };

const toPublic = (privilege: Grant["privilege"]): Grant => ({ to: publicOid, privilege, by: serviceUser.oid });

/**
 * Objects that a new database has. Oids below 100,000 are the system's, and those of users, roles and groups.
 * All users may use the schema public and make objects in it, and make temporary tables. Source: r_GRANT, r_REVOKE-usage-notes.
 */
function initialObjects(databaseName: string): readonly CatalogueObject[] {
  return [
    serviceUser,
    ...systemRoles,
    { kind: "database", oid: databaseOid, name: databaseName, owner: "rdsdb", grants: [toPublic("temporary")] },
    { kind: "schema", oid: 2200, name: "public", owner: "rdsdb", grants: [toPublic("create"), toPublic("usage")] },
  ];
}

/** Makes the catalogue's table in a new file, and reads it. A file from before there were users gets what it lacks. */
export async function loadCatalogue(connection: DuckDBConnection, databaseName: string): Promise<Catalogue> {
  await connection.run("CREATE TABLE IF NOT EXISTS main.catalogue (oid BIGINT NOT NULL, definition VARCHAR NOT NULL)");
  const rows = await readRows(connection, "SELECT definition FROM main.catalogue");
  const kept = rows.map(([text]) => JSON.parse(text as string) as CatalogueObject);
  if (kept.some((object) => object.kind === "database")) return new Catalogue(kept);
  const initial = initialObjects(databaseName);
  const owners = new Set(
    kept.flatMap((object) => ("owner" in object && object.owner !== serviceUser.name ? [object.owner] : [])),
  );
  const users = [...owners].map((name, index): UserObject => ({
    kind: "user",
    oid: firstPrincipalOid + index,
    name,
    superuser: false,
  }));
  for (const object of [...initial, ...users]) await storeChange(connection, { oid: object.oid, object });
  return new Catalogue([...kept, ...initial, ...users]);
}

/** Writes a change into the file, as part of the connection's transaction. */
export async function storeChange(connection: DuckDBConnection, change: CatalogueChange): Promise<void> {
  await connection.run(`DELETE FROM main.catalogue WHERE oid = ${change.oid}`);
  if (change.object !== undefined)
    await connection.run(
      `INSERT INTO main.catalogue VALUES (${change.oid}, ${quoteText(JSON.stringify(change.object))})`,
    );
}
