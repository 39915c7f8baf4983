import type { BoundQuery } from "./bind-query.ts";
import type { Bound, OutputColumn, PathStep, PathWant } from "./bound.ts";
import type { ScopeColumn } from "./scope.ts";
import type { SqlType } from "./sql-type.ts";
import type { Expression, FromItem, NamePart, Query } from "./tree.ts";

/** Settings of a session that change what SQL means. */
export interface NameSettings {
  /** `enable_case_sensitive_identifier`: quoted names keep their case. */
  readonly caseSensitiveIdentifier: boolean;
  /** `enable_case_sensitive_super_attribute`: attributes of SUPER keep their case, quoted or not. */
  readonly caseSensitiveSuper: boolean;
  /** Schemas that names without one are looked for in, in order. */
  readonly searchPath: readonly string[];
}

/** Settings of a session that change what is done with SUPER; they count when a query runs, also inside of views (UNCONFIRMED). */
export interface SuperModes {
  /** `navigate_super_null_on_error` is off: a step that leads nowhere is an error. */
  readonly navigatesStrictly: boolean;
  /** `cast_super_null_on_error` is off: a cast that does not fit is an error. */
  readonly castsStrictly: boolean;
  /**
   * Letters for JSON_PARSE: `n` gives NULL for what is no JSON (`parse_super_null_on_error`), `d` takes repeated attributes, `t` cuts
   * strings that are too long, `l` takes large strings.
   */
  readonly parseOptions: string;
  /** `default_array_search_null_handling`: NULL is a value that array functions find. */
  readonly findsNulls: boolean;
}

/** What a name in FROM stands for. */
export type RelationSource =
  | {
      /** Rows that DuckDB has, under this text. */
      readonly kind: "stored";
      readonly schema: string;
      readonly name: string;
      readonly sql: string;
      readonly columns: readonly OutputColumn[];
      readonly kept?: KeptTexts;
      readonly filter?: RowFilter;
    }
  | {
      /** A view: its query, bound with the settings of its creation. */
      readonly kind: "view";
      readonly schema: string;
      readonly name: string;
      readonly query: Query;
      readonly context: BindContext;
      /** Names as the view gives them; absent for a view that takes whatever its query gives. */
      readonly columns?: readonly OutputColumn[];
      readonly filter?: RowFilter;
    }
  | {
      /** A query of WITH, or rows that are kept for a view; in DuckDB's text its columns are `c0`, `c1` … */
      readonly kind: "bound";
      readonly schema?: string;
      readonly name: string;
      readonly sql: string;
      readonly columns: readonly OutputColumn[];
      readonly query?: BoundQuery;
      readonly filter?: RowFilter;
    }
  | {
      /** A stream, which only a materialized view may read. */
      readonly kind: "stream";
      readonly schema: string;
      readonly name: string;
      readonly sql: string;
      readonly columns: readonly OutputColumn[];
    };

/** Which rows of a relation its reader may see, by the policies of row-level security. */
export interface RowFilter {
  /** DuckDB's condition over the relation's columns. */
  condition(columns: readonly ScopeColumn[]): string;
  /** The policies' conditions, for readers who may see them in a plan. */
  readonly shown: readonly Expression[] | undefined;
}

/** Columns of DuckDB beside a relation's own, that hold what paths lead to, as kept-text.ts writes it. */
export interface KeptTexts {
  /** The name of the column with what is asked for; `undefined` when nothing keeps it. `column` is the relation's name for it. */
  find(column: string, steps: readonly PathStep[], want: PathWant): string | undefined;
}

/** What binding needs to know of the world around a statement. */
export interface BindContext {
  readonly settings: NameSettings;
  readonly superModes: SuperModes;
  /** Looks a relation up; throws `relation "x" does not exist` when there is none. */
  findRelation(name: readonly string[]): RelationSource;
  /** Which rows the reader may see of a relation that is to be changed, by its number; `undefined` for all. */
  targetFilter?(oid: number): RowFilter | undefined;
  /** The value of a parameter; `undefined` when it was not given. */
  parameter(name: string): string | undefined;
  /**
   * A variable of the procedure that the statement is part of, and how many of the names belong to it. Variables come before columns,
   * as in PL/pgSQL of PostgreSQL 8.
   */
  variable?(names: readonly string[]): { readonly bound: Bound; readonly used: number } | undefined;
  /**
   * The function in SQL that a call means; `undefined` when there is none, or its types do not fit. `isInside`: the call is part of
   * another function.
   */
  findFunction?(name: readonly string[], args: readonly SqlType[], isInside?: boolean): UserFunction | undefined;
  /** Hears what the parts of a query turn out to be, to write the query out. */
  readonly notes?: BindingNotes;
  /** Facts that functions tell. */
  readonly facts: SessionFacts;
  /** A number that no alias of this statement has yet. */
  nextNumber(): number;
}

/** A column by the name that its relation has in the query; that is empty for columns of USING and of elements. */
export interface NotedColumn {
  readonly relation: string;
  readonly column: string;
}

/** What is noted while a query is bound, each by its part of the tree. */
export interface BindingNotes {
  /** A dotted name whose first `used` parts are a column. */
  name(parts: readonly NamePart[], column: NotedColumn, used: number): void;
  star(star: Expression, columns: readonly NotedColumn[]): void;
  /** A relation of FROM that is no path, as it is called now. */
  relation(item: FromItem, schema: string | undefined, name: string): void;
  type(node: Expression, type: SqlType): void;
}

/** A function in SQL. */
export interface UserFunction {
  readonly name: string;
  /** Types of `$1`, `$2` … */
  readonly args: readonly SqlType[];
  readonly returns: SqlType;
  readonly expression: Expression;
}

/** What functions like current_user and getdate answer with. */
export interface SessionFacts {
  /** The user with whose rights the statement runs. */
  readonly user: string;
  readonly sessionUser: string;
  readonly rights: RightsFacts;
  readonly settings: SettingsFacts;
  readonly databaseName: string;
  readonly schema: string;
  readonly pid: number;
  /** Epoch milliseconds of the statement, and of the transaction's start. */
  readonly statementTime: number;
  readonly transactionTime: number;
}

/** What functions on users and privileges ask. Each throws for a name that is none. */
export interface RightsFacts {
  readonly userOid: number;
  /** Users by number. */
  readonly userNames: ReadonlyMap<number, string>;
  hasPrivilege(question: PrivilegeQuestion): boolean;
  /** All privileges that are held on objects of a kind, for questions about columns. */
  heldPrivileges(question: HeldQuestion): readonly HeldPrivilege[];
  /** `role` is an ARN, `command` as HAS_ASSUMEROLE_PRIVILEGE takes it; absent is the current user. */
  mayAssume(user: string | undefined, role: string, command: string): boolean;
  isMember(member: { readonly kind: "user" | "role"; readonly name: string }, of: string): boolean;
}

/** HAS_TABLE_PRIVILEGE and its neighbours. */
export interface PrivilegeQuestion {
  readonly kind: "table" | "column" | "schema" | "database";
  /** Name or number; absent is the current user. */
  readonly user: string | undefined;
  /** Dotted name, folded, or number. */
  readonly object: string;
  readonly column?: string;
  readonly privilege: string;
  readonly searchPath: readonly string[];
}

/** Which privileges are asked about: absent parts stand for all, and no users for the current one, named `""`. */
export interface HeldQuestion {
  readonly kind: Exclude<PrivilegeQuestion["kind"], "column">;
  readonly users?: readonly string[];
  readonly privilege?: string;
  readonly searchPath: readonly string[];
}

/** A privilege with user and object by name or by number; relations as `schema.name` and, where the search path finds them, `name`. */
export interface HeldPrivilege {
  readonly user: string;
  readonly object: string;
  readonly privilege: string;
}

/** What CURRENT_SETTING and SET_CONFIG do. */
export interface SettingsFacts {
  get(name: string): string;
  set(name: string, value: string, local: boolean): void;
}

/** A name as it is looked up: in lower case, unless it is quoted and the setting keeps its case. */
export function foldName(part: NamePart, settings: NameSettings): string {
  return part.quoted && settings.caseSensitiveIdentifier ? part.text : part.text.toLowerCase();
}

/** An attribute of SUPER as it is looked up. Source: Database Developer Guide, super-configurations. */
export function foldAttribute(part: NamePart, settings: NameSettings): string {
  if (settings.caseSensitiveSuper) return part.text;
  return foldName(part, settings);
}
