import type { Bound, OutputColumn, PathSource } from "./bound.ts";
import { SqlError } from "./sql-error.ts";

/** A relation that a query reads, under the name it has there. */
export interface Relation extends Partial<PathSource> {
  /** Empty for the columns of USING, which belong to no relation. */
  readonly alias: string;
  /** Set when the relation was named with its schema or may be. */
  readonly schema?: string;
  readonly columns: readonly ScopeColumn[];
  /** The relation is the elements of an array: its name is the element itself. */
  readonly isElement?: boolean;
}

/** A column in a query; `sql` names it in DuckDB's text. */
export interface ScopeColumn extends OutputColumn {
  readonly sql: string;
  /** Left out of `*` and of names without a relation, as USING does with the two columns that it puts together. */
  hidden?: boolean;
}

/** Columns that are noted in `seen` when an expression reads them. */
export function watched(columns: readonly ScopeColumn[], seen: Set<ScopeColumn>): readonly ScopeColumn[] {
  return columns.map((column) => ({
    ...column,
    get sql() {
      seen.add(column);
      return column.sql;
    },
  }));
}

/** The names that can be seen from a place in a query, in it and around it. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly relations: Relation[] = [];
  /** Expressions of the select list by their aliases, which later expressions may use. */
  readonly aliases = new Map<string, Bound>();
  /** SUPER values that GROUP BY names, by what identifies them, as one value of each group; see super-groups.ts. */
  groups = new Map<string, Bound>();
  /** The names that PRIOR reads from the parent row, in a query with CONNECT BY. */
  prior: Scope | undefined;
  /** Whether an aggregate was bound in this query. */
  hasAggregate = false;

  constructor(parent?: Scope) {
    this.parent = parent;
  }

  /** Adds a relation; throws when its name is taken. */
  add(relation: Relation): void {
    if (this.relations.some((other) => other.alias === relation.alias && other.schema === relation.schema))
      throw new SqlError(`table name "${relation.alias}" specified more than once`, { sqlState: "42712" });
    this.relations.push(relation);
  }

  /** The relation with this name, here or around. */
  findRelation(alias: string, schema?: string): Relation | undefined {
    const found = this.relations.find(
      (relation) => relation.alias === alias && (schema === undefined || relation.schema === schema),
    );
    return found ?? this.parent?.findRelation(alias, schema);
  }

  /** The column with this name among all relations here; throws when there are several. */
  findColumn(name: string): { relation: Relation; index: number } | undefined {
    const found = this.relations.flatMap((relation) => {
      const index = relation.columns.findIndex((column) => column.name === name && column.hidden !== true);
      return index < 0 ? [] : [{ relation, index }];
    });
    if (found.length > 1) throw new SqlError(`column reference "${name}" is ambiguous`, { sqlState: "42702" });
    return found[0];
  }

  /** For messages: `t, u`. */
  get shownRelations(): string {
    return this.relations.flatMap(({ alias }) => (alias === "" ? [] : [alias])).join(", ");
  }
}
