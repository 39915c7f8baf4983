import type { NameSettings } from "../sql/bind-context.ts";
import type { SqlType } from "../sql/sql-type.ts";
import type { IamRoleObject } from "./rights/assume-role.ts";
import type { DefaultPrivilegesObject, PrincipalObject } from "./rights/principal.ts";
import type { Granted } from "./rights/privilege.ts";
import type { RlsPolicyObject, RowSecurity } from "./row-security/row-security.ts";

/** A column of a table or view as the catalogue keeps it. */
export interface CatalogueColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  /** SQL of the default. */
  readonly default?: string;
  readonly identity?: { readonly seed: number; readonly step: number; readonly byDefault: boolean };
  readonly encode?: string;
}

/** Distribution and sort as they were given; without effect. */
export interface KeptAttributes {
  readonly distStyle?: string;
  readonly distKey?: string;
  readonly sortKeys: readonly string[];
  /** Absent for a compound sort key, and without a sort key. */
  readonly sortStyle?: "interleaved";
  readonly backup?: boolean;
}

interface Named extends Granted {
  readonly oid: number;
  readonly name: string;
}

/** The database itself. */
export interface DatabaseObject extends Named {
  readonly kind: "database";
  /** Most sessions of users who are no superusers; absent without a limit. */
  readonly connectionLimit?: number;
}

export interface SchemaObject extends Named {
  readonly kind: "schema";
  /** Set for an external schema over Kinesis. */
  readonly kinesis?: { readonly region: string; readonly roleArn: string };
}

/** A constraint of a table, which is not enforced. */
export interface TableConstraint {
  readonly name: string;
  readonly kind: "primary key" | "unique" | "foreign key";
  readonly columns: readonly string[];
  /** What a foreign key refers to. */
  readonly references?: { readonly oid: number; readonly columns: readonly string[] };
}

/** A relation, with its row-level security; absent where nothing was ever said about that. */
interface Protectable extends Named {
  readonly rowSecurity?: RowSecurity;
}

export interface TableObject extends Protectable {
  readonly kind: "table";
  readonly schema: string;
  readonly columns: readonly CatalogueColumn[];
  /** Absent without any. */
  readonly constraints?: readonly TableConstraint[];
  readonly attributes: KeptAttributes;
  /** Lives in DuckDB's temporary catalogue, seen by one session. */
  readonly temporary?: boolean;
  readonly comment?: string;
}

export interface ViewObject extends Protectable {
  readonly kind: "view";
  readonly schema: string;
  readonly columns: readonly CatalogueColumn[];
  /** The query as written. */
  readonly sql: string;
  /** Settings in force at creation, which a bound view keeps. */
  readonly settings: NameSettings;
  /** `WITH NO SCHEMA BINDING`: names are looked up at each use. */
  readonly lateBinding: boolean;
  /** What the names of the query stood for at creation: dotted name and object. */
  readonly references: readonly (readonly [name: string, oid: number])[];
  readonly comment?: string;
}

interface KeptQuery extends Protectable {
  readonly kind: "materialized view";
  readonly schema: string;
  readonly columns: readonly CatalogueColumn[];
  readonly sql: string;
  readonly settings: NameSettings;
  readonly autoRefresh: boolean;
  readonly attributes: KeptAttributes;
  readonly references: readonly (readonly [name: string, oid: number])[];
  readonly comment?: string;
}

/** A materialized view over a stream. */
export interface StreamingViewObject extends KeptQuery {
  /** The external schema and the stream that the view reads. */
  readonly source: { readonly schemaOid: number; readonly streamName: string };
}

/** A materialized view over tables and other materialized views. */
export interface TableViewObject extends KeptQuery {
  readonly source?: undefined;
  /** What the view reads, as it was at creation; another name or column makes that the view cannot be refreshed. */
  readonly bases: readonly {
    readonly oid: number;
    readonly schema: string;
    readonly name: string;
    readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  }[];
}

export type MaterializedViewObject = StreamingViewObject | TableViewObject;

/** Whether a relation is a materialized view over a stream. */
export function isStreamingView(object: CatalogueObject | undefined): object is StreamingViewObject {
  return object?.kind === "materialized view" && object.source !== undefined;
}

/** Whether a relation is a materialized view over tables. */
export function isTableView(object: CatalogueObject | undefined): object is TableViewObject {
  return object?.kind === "materialized view" && object.source === undefined;
}

/** An argument of a procedure. */
export interface ProcedureArgument {
  /** Absent when the argument has only its place. */
  readonly name?: string;
  readonly mode: "in" | "out" | "inout";
  readonly type: SqlType;
}

export interface ProcedureObject extends Named {
  readonly kind: "procedure";
  readonly schema: string;
  readonly args: readonly ProcedureArgument[];
  /** What stands between the dollar quotes. */
  readonly body: string;
  /** SECURITY DEFINER: it runs with the rights of its owner. */
  readonly definer: boolean;
  readonly nonatomic: boolean;
  /** Settings in force while it runs. */
  readonly settings: readonly (readonly [name: string, value: string])[];
}

/** A language of functions and procedures, with who may use it. */
export interface LanguageObject extends Named {
  readonly kind: "language";
}

/** A function in SQL. */
export interface FunctionObject extends Named {
  readonly kind: "function";
  readonly schema: string;
  /** Types of `$1`, `$2` … */
  readonly args: readonly SqlType[];
  readonly returns: SqlType;
  /** Kept; each call is evaluated as its expression would be. */
  readonly volatility: "volatile" | "stable" | "immutable";
  /** What stands between the dollar quotes. */
  readonly body: string;
}

export type RelationObject = TableObject | ViewObject | MaterializedViewObject;
/** Objects that someone owns and others may be given privileges on. */
export type OwnedObject =
  DatabaseObject | SchemaObject | RelationObject | ProcedureObject | FunctionObject | LanguageObject;
export type CatalogueObject = OwnedObject | PrincipalObject | DefaultPrivilegesObject | IamRoleObject | RlsPolicyObject;

/** The DuckDB table that holds a relation's rows. */
export function storageName(object: { readonly oid: number; readonly temporary?: boolean }): string {
  return object.temporary === true ? `temp.main.t${object.oid}` : `main.t${object.oid}`;
}

/** The DuckDB sequence of an identity column. */
export function sequenceName(oid: number): string {
  return `main.s${oid}`;
}
