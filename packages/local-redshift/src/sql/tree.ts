import type { ProcedureStatement } from "./procedures/procedure-tree.ts";
import type { FunctionStatement } from "./tree-function.ts";
import type { RightsStatement } from "./tree-rights.ts";
import type { RowSecurityStatement } from "./tree-row-security.ts";
import type { ShowStatement } from "./tree-show.ts";
import type { SessionStatement } from "./tree-session.ts";

/**
 * The syntax tree of the SQL that we understand. Names keep what was written; whether they fold to lower case is the binder's
 * business, since a setting decides it.
 */

/** One part of a dotted name. */
export interface NamePart {
  readonly text: string;
  readonly quoted: boolean;
  /** Offset into the statement. */
  readonly at: number;
}

/** A type as written: `varchar(64)`, `numeric(10,2)`. */
export interface TypeNode {
  readonly name: string;
  /** Numbers in parentheses; `max` is kept as the word. */
  readonly modifiers: readonly (number | "max")[];
  readonly at: number;
}

export type Step = { readonly field: NamePart } | { readonly index: Expression };

export interface SortItem {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nulls: "first" | "last" | undefined;
}

export interface WindowFrame {
  readonly unit: "rows" | "range";
  readonly start: FrameBound;
  readonly end: FrameBound | undefined;
}
export interface FrameBound {
  readonly kind: "unbounded preceding" | "preceding" | "current row" | "following" | "unbounded following";
  readonly offset?: Expression;
}
export interface WindowNode {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortItem[];
  readonly frame: WindowFrame | undefined;
}

export interface FunctionNode {
  readonly kind: "function";
  readonly name: readonly NamePart[];
  readonly args: readonly Expression[];
  /** `count(*)`. */
  readonly star: boolean;
  readonly distinct: boolean;
  readonly approximate: boolean;
  readonly withinGroup: readonly SortItem[];
  readonly ignoreNulls: boolean;
  readonly over: WindowNode | undefined;
  readonly at: number;
}

export type Expression =
  | { readonly kind: "string"; readonly value: string; readonly at: number }
  | { readonly kind: "number"; readonly value: string; readonly at: number }
  | { readonly kind: "null"; readonly at: number }
  | { readonly kind: "boolean"; readonly value: boolean; readonly at: number }
  | { readonly kind: "parameter"; readonly name: string; readonly at: number }
  | { readonly kind: "name"; readonly parts: readonly NamePart[]; readonly at: number }
  | { readonly kind: "navigate"; readonly target: Expression; readonly steps: readonly Step[]; readonly at: number }
  | { readonly kind: "star"; readonly qualifier: readonly NamePart[]; readonly at: number }
  | { readonly kind: "unary"; readonly operator: string; readonly operand: Expression; readonly at: number }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: number;
    }
  | {
      readonly kind: "is";
      readonly operand: Expression;
      readonly test: "null" | "true" | "false" | "unknown";
      readonly negated: boolean;
      readonly at: number;
    }
  | {
      readonly kind: "in";
      readonly operand: Expression;
      readonly list: readonly Expression[] | Query;
      readonly negated: boolean;
      readonly at: number;
    }
  | {
      readonly kind: "between";
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly negated: boolean;
      readonly at: number;
    }
  | {
      readonly kind: "like";
      readonly operator: "like" | "ilike" | "similar";
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape: Expression | undefined;
      readonly negated: boolean;
      readonly at: number;
    }
  | {
      readonly kind: "case";
      readonly operand: Expression | undefined;
      readonly whens: readonly { readonly when: Expression; readonly then: Expression }[];
      readonly otherwise: Expression | undefined;
      readonly at: number;
    }
  | {
      readonly kind: "cast";
      readonly operand: Expression;
      readonly type: TypeNode;
      readonly lenient: boolean;
      /** Written as CAST(… AS TYPE) where a tree is written out. */
      readonly asCall?: true;
      readonly at: number;
    }
  | { readonly kind: "interval"; readonly value: string; readonly unit: string | undefined; readonly at: number }
  | { readonly kind: "at-time-zone"; readonly operand: Expression; readonly zone: Expression; readonly at: number }
  | { readonly kind: "subquery"; readonly query: Query; readonly at: number }
  | { readonly kind: "exists"; readonly query: Query; readonly at: number }
  | {
      readonly kind: "quantified";
      readonly operator: string;
      readonly quantifier: "any" | "all";
      readonly operand: Expression;
      readonly query: Query;
      readonly at: number;
    }
  | { readonly kind: "row"; readonly items: readonly Expression[]; readonly at: number }
  | FunctionNode;

/** `ROLLUP (a, (b, c))`: each part is no, one or more expressions, and of GROUPING SETS also another of these nodes. */
export interface GroupingNode {
  readonly kind: "rollup" | "cube" | "grouping sets";
  readonly parts: readonly (readonly Expression[] | GroupingNode)[];
}

/** `START WITH … CONNECT BY …`. */
export interface HierarchyNode {
  readonly startWith: Expression | undefined;
  /** In it `PRIOR` is a unary operator. */
  readonly connectBy: Expression;
  readonly at: number;
}

export interface SelectItem {
  readonly expression: Expression;
  /** Columns that a star leaves out. */
  readonly exclude?: readonly NamePart[];
  readonly alias: NamePart | undefined;
}

export type FromItem =
  | {
      /** A relation, or a path into SUPER of a relation named before: which of the two the binder knows. */
      readonly kind: "relation";
      readonly name: readonly NamePart[];
      readonly steps: readonly Step[];
      readonly alias: NamePart | undefined;
      readonly columnAliases: readonly NamePart[];
      readonly index: NamePart | undefined;
      readonly at: number;
    }
  | {
      readonly kind: "derived";
      readonly query: Query;
      readonly alias: NamePart | undefined;
      readonly columnAliases: readonly NamePart[];
      readonly at: number;
    }
  | {
      /** `f() AS a(c type, …)`: a function that gives rows. */
      readonly kind: "function-rows";
      readonly name: readonly NamePart[];
      readonly args: readonly Expression[];
      readonly alias: NamePart | undefined;
      readonly columns: readonly { readonly name: NamePart; readonly type: TypeNode | undefined }[];
      readonly at: number;
    }
  | {
      /** `UNPIVOT expr AS v AT k`: an object's attributes as rows. */
      readonly kind: "unpivot";
      readonly operand: Expression;
      readonly alias: NamePart;
      readonly key: NamePart | undefined;
      readonly at: number;
    }
  | {
      /** `UNNEST(expr) [WITH OFFSET] AS a(c[, o])`. */
      readonly kind: "unnest";
      readonly operand: Expression;
      readonly withOffset: boolean;
      readonly alias: NamePart | undefined;
      readonly columnAliases: readonly NamePart[];
      readonly at: number;
    }
  | {
      /** `input PIVOT (aggregate FOR column IN (…))`: values of a column as columns. */
      readonly kind: "pivot";
      readonly input: FromItem;
      readonly aggregate: Expression;
      readonly aggregateAlias: NamePart | undefined;
      readonly column: NamePart;
      readonly values: readonly { readonly expression: Expression; readonly alias: NamePart | undefined }[];
      readonly alias: NamePart | undefined;
      readonly columnAliases: readonly NamePart[];
      readonly at: number;
    }
  | {
      /** `input UNPIVOT (value FOR name IN (…))`: columns as rows. */
      readonly kind: "unpivot-columns";
      readonly input: FromItem;
      readonly includeNulls: boolean;
      readonly value: NamePart;
      readonly name: NamePart;
      readonly columns: readonly { readonly name: NamePart; readonly alias: NamePart | undefined }[];
      readonly alias: NamePart | undefined;
      readonly columnAliases: readonly NamePart[];
      readonly at: number;
    }
  | {
      readonly kind: "join";
      readonly type: "inner" | "left" | "right" | "full" | "cross";
      readonly natural: boolean;
      readonly left: FromItem;
      readonly right: FromItem;
      readonly on: Expression | undefined;
      readonly using: readonly NamePart[];
      readonly at: number;
    };

export interface Select {
  readonly kind: "select";
  /** Where the rows go; only the outermost query of a statement may have it. */
  readonly into: SelectInto | undefined;
  readonly distinct: boolean;
  readonly top: Expression | undefined;
  readonly items: readonly SelectItem[];
  readonly from: readonly FromItem[];
  readonly where: Expression | undefined;
  readonly hierarchy: HierarchyNode | undefined;
  readonly groupBy: readonly (Expression | GroupingNode)[];
  readonly having: Expression | undefined;
  readonly qualify: Expression | undefined;
  readonly at: number;
}

/** Variables of a procedure, or a new table. */
export type SelectInto =
  | { readonly kind: "variables"; readonly targets: readonly QualifiedName[]; readonly at: number }
  | { readonly kind: "table"; readonly name: QualifiedName; readonly temporary: boolean; readonly at: number };

export interface SetOperation {
  readonly kind: "set";
  readonly operator: "union" | "intersect" | "except";
  readonly all: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
  readonly at: number;
}

export interface Values {
  readonly kind: "values";
  readonly rows: readonly (readonly Expression[])[];
  readonly at: number;
}

export type QueryBody = Select | SetOperation | Values | Query;

export interface Cte {
  readonly name: NamePart;
  readonly columns: readonly NamePart[];
  readonly query: Query;
}

/** `WITH [RECURSIVE] …` before a query or a change; without one there are no CTEs. */
export interface WithClause {
  readonly recursive: boolean;
  readonly ctes: readonly Cte[];
}

export interface Query extends WithClause {
  readonly kind: "query";
  readonly body: QueryBody;
  readonly orderBy: readonly SortItem[];
  readonly limit: Expression | undefined;
  readonly offset: Expression | undefined;
  /** Offsets of the query's text in the statement. */
  readonly at: number;
  readonly end: number;
}

/** `schema.name` or `name`. */
export type QualifiedName = readonly NamePart[];

export interface ColumnNode {
  readonly name: NamePart;
  readonly type: TypeNode;
  readonly notNull: boolean;
  /** Its text is kept too, since it is bound at each INSERT. */
  readonly default: { readonly expression: Expression; readonly text: string } | undefined;
  readonly identity: { readonly seed: number; readonly step: number; readonly byDefault: boolean } | undefined;
  readonly encode: string | undefined;
  readonly distKey: boolean;
  readonly sortKey: boolean;
  /** Constraints that are written with the column. */
  readonly constraints: readonly ConstraintNode[];
}

/** A constraint of a table: kept, and as on Redshift not enforced. */
export interface ConstraintNode {
  readonly name: NamePart | undefined;
  readonly kind: "primary key" | "unique" | "foreign key";
  readonly columns: readonly NamePart[];
  /** What a foreign key refers to; without columns, the primary key. */
  readonly references?: { readonly table: QualifiedName; readonly columns: readonly NamePart[] };
}

/** `LIKE table [INCLUDING DEFAULTS]` in CREATE TABLE. */
export interface LikeClause {
  readonly table: QualifiedName;
  readonly defaults: boolean;
}

/** Distribution and sort attributes of a table or materialized view; kept, without effect. */
export interface TableAttributes {
  readonly distStyle: string | undefined;
  readonly distKey: NamePart | undefined;
  readonly sortKeys: readonly NamePart[];
  readonly interleaved?: boolean;
  readonly backup: boolean | undefined;
}

export type Statement =
  | ProcedureStatement
  | RowSecurityStatement
  | FunctionStatement
  | RightsStatement
  | SessionStatement
  | ShowStatement
  | { readonly kind: "query"; readonly query: Query }
  | {
      readonly kind: "insert";
      readonly table: QualifiedName;
      readonly columns: readonly NamePart[];
      /** `undefined` is `DEFAULT VALUES`. In VALUES, `undefined` stands for DEFAULT. */
      readonly source:
        Query | { readonly kind: "rows"; readonly rows: readonly (readonly (Expression | undefined)[])[] } | undefined;
    }
  | {
      readonly kind: "update";
      readonly with: WithClause;
      readonly table: QualifiedName;
      readonly alias: NamePart | undefined;
      readonly assignments: readonly Assignment[];
      readonly from: readonly FromItem[];
      readonly where: Expression | undefined;
    }
  | {
      readonly kind: "delete";
      readonly with: WithClause;
      readonly table: QualifiedName;
      readonly alias: NamePart | undefined;
      readonly using: readonly FromItem[];
      readonly where: Expression | undefined;
    }
  | {
      readonly kind: "merge";
      readonly target: QualifiedName;
      /** A table, a view or a subquery. */
      readonly source: FromItem;
      readonly on: Expression;
      /** `undefined` is REMOVE DUPLICATES. */
      readonly actions: MergeActions | undefined;
    }
  | { readonly kind: "truncate"; readonly table: QualifiedName }
  | {
      readonly kind: "create-table";
      readonly name: QualifiedName;
      readonly temporary: boolean;
      readonly ifNotExists: boolean;
      readonly columns: readonly ColumnNode[];
      /** Those of columns, too. */
      readonly constraints: readonly ConstraintNode[];
      readonly like: LikeClause | undefined;
      readonly attributes: TableAttributes;
    }
  | {
      readonly kind: "create-table-as";
      readonly name: QualifiedName;
      readonly temporary: boolean;
      readonly columns: readonly NamePart[];
      readonly attributes: TableAttributes;
      readonly query: Query;
    }
  | {
      readonly kind: "create-view";
      readonly name: QualifiedName;
      readonly orReplace: boolean;
      readonly columns: readonly NamePart[];
      readonly query: Query;
      readonly lateBinding: boolean;
    }
  | {
      readonly kind: "create-materialized-view";
      readonly name: QualifiedName;
      readonly attributes: TableAttributes;
      readonly autoRefresh: boolean;
      readonly query: Query;
    }
  | { readonly kind: "refresh-materialized-view"; readonly name: QualifiedName; readonly cascade: boolean }
  | { readonly kind: "alter-materialized-view"; readonly name: QualifiedName; readonly autoRefresh: boolean }
  | {
      readonly kind: "create-schema";
      readonly name: NamePart;
      readonly ifNotExists: boolean;
      readonly owner: NamePart | undefined;
    }
  | {
      readonly kind: "create-external-schema";
      readonly name: NamePart;
      readonly ifNotExists: boolean;
      readonly region: string | undefined;
      /** `undefined` is `default`. */
      readonly roleArn: string | undefined;
    }
  | {
      readonly kind: "drop";
      readonly object: "table" | "view" | "materialized view" | "schema";
      readonly names: readonly QualifiedName[];
      readonly ifExists: boolean;
      readonly cascade: boolean;
    }
  | { readonly kind: "alter-table"; readonly name: QualifiedName; readonly action: AlterTableAction }
  | { readonly kind: "lock"; readonly names: readonly QualifiedName[] }
  | { readonly kind: "begin" }
  | { readonly kind: "commit" }
  | { readonly kind: "rollback" }
  | { readonly kind: "set"; readonly name: string; readonly value: string | undefined; readonly local: boolean }
  /** `all` for every setting. */
  | { readonly kind: "reset"; readonly name: string }
  | { readonly kind: "show"; readonly name: string }
  | {
      readonly kind: "comment";
      readonly object: string;
      readonly name: QualifiedName;
      readonly text: string | undefined;
    }
  | { readonly kind: "cancel"; readonly pid: number }
  | {
      readonly kind: "analyze";
      /** `undefined` for all tables. */
      readonly name: QualifiedName | undefined;
    }
  | {
      readonly kind: "analyze-compression";
      /** `undefined` for all tables. */
      readonly name: QualifiedName | undefined;
      /** None for all columns. */
      readonly columns: readonly NamePart[];
      /** How many rows are looked at; absent without COMPROWS. */
      readonly sampleRows: number | undefined;
    }
  | {
      readonly kind: "vacuum";
      readonly mode: VacuumMode;
      /** `undefined` for all tables. */
      readonly name: QualifiedName | undefined;
      /** How many percent of the rows are to be in order, and not deleted. */
      readonly threshold: number;
    }
  | { readonly kind: "not-built"; readonly what: string };

export type VacuumMode = "full" | "sort only" | "delete only" | "reindex" | "recluster";

/** A column and its new value; `undefined` stands for DEFAULT. */
export interface Assignment {
  readonly column: NamePart;
  readonly value: Expression | undefined;
}

/** What MERGE does with rows that match, and with those that do not. */
export interface MergeActions {
  /** `undefined` is DELETE. */
  readonly update: readonly Assignment[] | undefined;
  readonly insert: { readonly columns: readonly NamePart[]; readonly values: readonly (Expression | undefined)[] };
}

export type AlterTableAction =
  | {
      readonly kind: "append";
      readonly source: QualifiedName;
      /** What to do with columns that only one of the two has; `undefined` refuses them. */
      readonly extra: "ignoreextra" | "filltarget" | undefined;
    }
  | { readonly kind: "rename"; readonly to: NamePart }
  | { readonly kind: "add-column"; readonly column: ColumnNode }
  | { readonly kind: "drop-column"; readonly column: NamePart; readonly cascade: boolean }
  | { readonly kind: "rename-column"; readonly column: NamePart; readonly to: NamePart }
  | { readonly kind: "owner"; readonly to: NamePart }
  | { readonly kind: "column-type"; readonly column: NamePart; readonly type: TypeNode }
  | { readonly kind: "add-constraint"; readonly constraint: ConstraintNode }
  | { readonly kind: "drop-constraint"; readonly constraint: NamePart }
  | { readonly kind: "layout"; readonly changes: readonly LayoutChange[] };

/** How a table is stored. */
export type LayoutChange =
  | { readonly kind: "encode"; readonly column: NamePart; readonly encoding: string }
  | { readonly kind: "encode-auto" }
  | {
      readonly kind: "distribution";
      readonly style: "all" | "even" | "auto" | "key";
      /** The column of style `key`. */
      readonly key: NamePart | undefined;
    }
  | { readonly kind: "sort"; readonly keys: readonly NamePart[] | "auto" | "none" };
