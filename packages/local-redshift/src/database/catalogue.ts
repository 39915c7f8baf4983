import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../sql/bound.ts";
import type { CatalogueObject, ProcedureObject, RelationObject, SchemaObject } from "./catalogue-object.ts";
import { readRows } from "./duck.ts";

/** What objects a database has, at one moment. It never changes; a change makes another. */
export class Catalogue {
  readonly #objects: ReadonlyMap<number, CatalogueObject>;
  readonly #relations = new Map<string, RelationObject>();
  readonly #schemas = new Map<string, SchemaObject>();
  readonly #procedures: ProcedureObject[] = [];

  constructor(objects: Iterable<CatalogueObject>) {
    this.#objects = new Map([...objects].map((object) => [object.oid, object]));
    for (const object of this.#objects.values())
      if (object.kind === "schema") this.#schemas.set(object.name, object);
      else if (object.kind === "procedure") this.#procedures.push(object);
      else this.#relations.set(relationKey(object.schema, object.name), object);
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

/** Objects that a new database has. Oids below 100,000 are the system's. */
const initialObjects: readonly CatalogueObject[] = [{ kind: "schema", oid: 2200, name: "public", owner: "rdsdb" }];

/** Makes the catalogue's table in a new file, and reads it. */
export async function loadCatalogue(connection: DuckDBConnection): Promise<Catalogue> {
  await connection.run("CREATE TABLE IF NOT EXISTS main.catalogue (oid BIGINT NOT NULL, definition VARCHAR NOT NULL)");
  const rows = await readRows(connection, "SELECT definition FROM main.catalogue");
  if (rows.length > 0) return new Catalogue(rows.map(([text]) => JSON.parse(text as string) as CatalogueObject));
  for (const object of initialObjects) await storeChange(connection, { oid: object.oid, object });
  return new Catalogue(initialObjects);
}

/** Writes a change into the file, as part of the connection's transaction. */
export async function storeChange(connection: DuckDBConnection, change: CatalogueChange): Promise<void> {
  await connection.run(`DELETE FROM main.catalogue WHERE oid = ${change.oid}`);
  if (change.object !== undefined)
    await connection.run(
      `INSERT INTO main.catalogue VALUES (${change.oid}, ${quoteText(JSON.stringify(change.object))})`,
    );
}
