import { encodingNumbers } from "../../../sql/functions/catalog.ts";
import { listing } from "../listing.ts";
import { columnsOf, defaultOf, encodingOf, isDistributionKey, sortKeyPlace } from "../relation-facts.ts";
import { bool, char, int2, int4, name, oid, text, type SystemViews } from "../system-view.ts";
import { typeLength, typeModifier, typeOid } from "../type-catalog.ts";
import { listedClasses } from "./classes.ts";

const attribute = listing({
  of: (world) =>
    listedClasses(world).flatMap((listed) => columnsOf(listed.relation).map((column) => ({ listed, ...column }))),
  columns: [
    ["attrelid", oid, ({ listed }) => listed.oid],
    ["attname", name, ({ column }) => column.name],
    ["atttypid", oid, ({ column }) => typeOid(column.type)],
    ["attstattarget", int4, -1],
    ["attlen", int2, ({ column }) => typeLength(column.type.name)],
    ["attnum", int2, ({ position }) => position],
    ["attndims", int4, 0],
    ["attcacheoff", int4, -1],
    ["atttypmod", int4, ({ column }) => typeModifier(column.type)],
    ["attbyval", bool, false],
    ["attstorage", char(1), "p"],
    ["attalign", char(1), "i"],
    ["attnotnull", bool, ({ column }) => !column.nullable],
    ["atthasdef", bool, ({ column }) => defaultOf(column) !== null],
    ["attisdropped", bool, false],
    ["attislocal", bool, true],
    ["attinhcount", int4, 0],
    ["attencodingtype", int2, ({ column }) => encodingNumbers.get(encodingOf(column)) ?? 0],
    ["attisdistkey", bool, ({ column, relation }) => isDistributionKey(column, relation)],
    ["attispreloaded", bool, false],
    ["attsortkeyord", int4, ({ column, relation }) => sortKeyPlace(column, relation)],
  ],
});

const attributeDefault = listing({
  of: (world) =>
    world.catalogue.relations.flatMap(columnsOf).flatMap(({ relation, column, position }) => {
      const expression = defaultOf(column);
      return expression === null ? [] : [{ relation, position, expression }];
    }),
  columns: [
    ["oid", oid, 0],
    ["adrelid", oid, ({ relation }) => relation.oid],
    ["adnum", int2, ({ position }) => position],
    ["adbin", text, ({ expression }) => expression],
    ["adsrc", text, ({ expression }) => expression],
  ],
});

/** Columns of tables and views. */
export const attributeViews: SystemViews = { pg_attrdef: attributeDefault, pg_attribute: attribute };
