import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../testing/open-test-database.ts";
import { attributeNames, shortDecimal, style, superValue } from "../../testing/super-arbitraries.ts";
import * as model from "../../testing/super-model.ts";
import type { JsonStyle, ModelValue } from "../../testing/super-model.ts";

/** Runs of each property; `MILLRACE_PROPERTY_RUNS` asks for more. The seed is fixed, so that a failure comes again. */
const numRuns = Number(process.env.MILLRACE_PROPERTY_RUNS ?? 8);
const options = { numRuns, seed: 20_261_121 };
/** Documents of one run: one statement asks about all of them. */
const documents = 6;

let db: TestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
  const columns = Array.from({ length: documents }, (_, at) => `d${at} super`);
  await db.run("SET enable_case_sensitive_super_attribute TO TRUE", `CREATE TABLE docs (${columns.join(", ")})`);
});

afterAll(async () => {
  await db[Symbol.asyncDispose]();
});

const many = <Item>(item: fc.Arbitrary<Item>) => fc.array(item, { minLength: documents, maxLength: documents });
const document = many(fc.tuple(superValue, style));
const step = fc.oneof(fc.constantFrom(...attributeNames), fc.integer({ min: -1, max: 3 }));

async function store(docs: readonly (readonly [ModelValue, JsonStyle])[]): Promise<void> {
  const parameters = docs.map(([doc, how], at) => ({ name: `p${at}`, value: model.toJson(doc, how) }));
  await db.run("DELETE FROM docs");
  const values = parameters.map(({ name }) => `JSON_PARSE(:${name})`);
  await db.session.execute(`INSERT INTO docs VALUES (${values.join(", ")})`, parameters);
}

async function ask(expressions: readonly string[]): Promise<readonly unknown[]> {
  const [row] = await db.rows(`SELECT ${expressions.join(", ")} FROM docs`);
  return row!;
}

/** Half of the paths lead somewhere. */
function pathsInto(doc: ModelValue, wild: readonly (string | number)[]): readonly (readonly (string | number)[])[] {
  const real: (string | number)[] = [];
  let at = doc;
  for (let depth = 0; at.kind === "array" || at.kind === "object"; depth += 1) {
    const size = at.kind === "array" ? at.items.length : at.members.length;
    if (size === 0) break;
    const index = (depth * 7 + wild.length) % size;
    const member = at.kind === "object" ? at.members[index] : undefined;
    real.push(member === undefined ? index : member[0]);
    at = member === undefined ? (at as { items: readonly ModelValue[] }).items[index]! : member[1];
  }
  return [real, real.slice(0, 1), [...real.slice(0, 1), -1], [-1], wild];
}

const pathSql = (column: string, steps: readonly (string | number)[]) =>
  column + steps.map((one) => (typeof one === "number" ? `[${one}]` : `."${one.replaceAll('"', '""')}"`)).join("");

test("JSON_PARSE and JSON_SERIALIZE keep every value", async () => {
  await fc.assert(
    fc.asyncProperty(document, async (docs) => {
      await store(docs);
      const wanted = docs.map(([doc]) => model.serialize(doc));
      expect(await ask(docs.map((_, at) => `JSON_SERIALIZE(d${at})`))).toEqual(wanted);
      expect(await ask(docs.map((_, at) => `d${at}`))).toEqual(wanted.map((text) => (text === "null" ? null : text)));
      expect(await ask(docs.map((_, at) => `JSON_SIZE(d${at})`))).toEqual(
        wanted.map((text) => Buffer.byteLength(text)),
      );
    }),
    options,
  );
});

test("navigation and casts give what the model gives", async () => {
  await fc.assert(
    fc.asyncProperty(document, many(fc.array(step, { maxLength: 3 })), async (docs, wilds) => {
      await store(docs);
      const places = docs.flatMap(([doc], at) =>
        pathsInto(doc, wilds[at]!).map((steps) => ({ sql: pathSql(`d${at}`, steps), at: model.navigate(doc, steps) })),
      );
      const compare = async (write: (sql: string) => string, expected: (at: ModelValue | undefined) => unknown) => {
        const answers = await ask(places.map(({ sql }) => write(sql)));
        const shown = (list: readonly unknown[]) => places.map(({ sql }, index) => [sql, list[index]]);
        expect(shown(answers)).toEqual(shown(places.map((place) => expected(place.at))));
      };
      await compare((sql) => `JSON_SERIALIZE(${sql})`, model.serialize);
      await compare((sql) => `JSON_TYPEOF(${sql})`, model.typeOf);
      await compare((sql) => `${sql}::varchar(65535)`, model.asText);
      const isPlain = (at: ModelValue | undefined) => at?.kind !== "string" && at?.kind !== "float";
      await compare(
        (sql) => `CASE WHEN NOT IS_VARCHAR(${sql}) THEN ${sql}::boolean END`,
        (at) => (at?.kind === "string" ? null : model.asBoolean(at)),
      );
      await compare(
        (sql) => `CASE WHEN NOT (IS_VARCHAR(${sql}) OR IS_FLOAT(${sql})) THEN ${sql}::decimal(38,10) END`,
        (at) => (isPlain(at) ? model.asDecimal(at) : null),
      );
    }),
    options,
  );
});

test("comparisons give what the model gives", async () => {
  await fc.assert(
    fc.asyncProperty(document, fc.nat(documents), async (docs, distance) => {
      // Equal values in other clothes have to be met too.
      const twins = docs.map(([doc, how], at) =>
        at % 2 === 0 ? ([doc, how] as const) : ([disguise(docs[at - 1]![0]), how] as const),
      );
      await store(twins);
      const pairs = twins.flatMap((_, at) => [
        [at, at % 2 === 0 ? at + 1 : at - 1],
        [at, (at + distance) % documents],
      ]);
      const test = async (operator: string, expected: typeof model.equals) =>
        expect(await ask(pairs.map(([a, b]) => `d${a} ${operator} d${b}`))).toEqual(
          pairs.map(([a, b]) => expected(twins[a!]![0], twins[b!]![0])),
        );
      await test("=", model.equals);
      await test("<", model.isBelow);
      await test(">", (a, b) => model.isBelow(b, a));
    }),
    options,
  );
});

test("comparisons with scalars of SQL give what comparisons of SUPER give", async () => {
  const number = fc.oneof(fc.integer(), fc.constantFrom(0, 1, 5, 42));
  const mostlyNumbers = many(fc.tuple(fc.oneof(superValue, shortDecimal), style));
  await fc.assert(
    fc.asyncProperty(mostlyNumbers, many(number), async (docs, others) => {
      await store(docs);
      const numbers = docs.map(([doc], at) => neighbourOf(doc) ?? others[at]!);
      const one = (at: number): ModelValue => {
        const other = numbers[at]!;
        return { kind: "decimal", negative: other < 0, digits: String(Math.abs(other)), scale: 0 };
      };
      const text: ModelValue = { kind: "string", value: "TV" };
      const test = async (write: (at: number) => string, expected: (doc: ModelValue, at: number) => boolean | null) =>
        expect(await ask(docs.map((_, at) => write(at)))).toEqual(docs.map(([doc], at) => expected(doc, at)));
      await test(
        (at) => `d${at} = (${numbers[at]})`,
        (doc, at) => model.equals(doc, one(at)),
      );
      await test(
        (at) => `d${at} < (${numbers[at]})`,
        (doc, at) => model.isBelow(doc, one(at)),
      );
      await test(
        (at) => `d${at} = 'TV'`,
        (doc) => model.equals(doc, text),
      );
      await test(
        (at) => `d${at} < 'TV'`,
        (doc) => model.isBelow(doc, text),
      );
    }),
    options,
  );
});

/** The whole number next to a small decimal. */
function neighbourOf(doc: ModelValue): number | undefined {
  if (doc.kind !== "decimal" || doc.digits.length > 12) return undefined;
  const whole = Number(doc.digits.slice(0, doc.digits.length - doc.scale));
  return Math.abs(whole) > 2_147_483_647 ? undefined : doc.negative ? -whole : whole;
}

test("ORDER BY, GROUP BY and joins go by the same order and equality", async () => {
  await fc.assert(
    fc.asyncProperty(document, async (docs) => {
      const all = [...docs.map(([doc]) => doc), ...docs.slice(0, 4).map(([doc]) => disguise(doc))];
      const rows = all.map((_, at) => `(${at}, JSON_PARSE(:p${at}))`);
      const parameters = all.map((doc, at) => ({ name: `p${at}`, value: model.toJson(doc, "compact") }));
      await db.run("DROP TABLE IF EXISTS listed", "CREATE TABLE listed (id int, s super)");
      await db.session.execute(`INSERT INTO listed VALUES ${rows.join(", ")}`, parameters);
      const sorted = (await db.rows("SELECT id FROM listed ORDER BY s, id")).map(([id]) => all[Number(id)]!);
      for (const [at, next] of sorted.slice(1).entries())
        expect(model.compareForSort(sorted[at]!, next)).not.toBeGreaterThan(0);
      const groups = all.filter((doc, at) => all.findIndex((other) => isOneGroup(doc, other)) === at);
      expect(await db.rows("SELECT COUNT(*) FROM (SELECT s FROM listed GROUP BY s) q")).toEqual([
        [BigInt(groups.length)],
      ]);
      expect(await db.rows("SELECT COUNT(*) FROM (SELECT DISTINCT s FROM listed) q")).toEqual([
        [BigInt(groups.length)],
      ]);
      const pairs = all.flatMap((a) => all.filter((b) => model.equals(a, b) === true)).length;
      expect(await db.rows("SELECT COUNT(*) FROM listed a JOIN listed b ON a.s = b.s")).toEqual([[BigInt(pairs)]]);
    }),
    options,
  );
});

test("unnesting gives the elements of arrays and the members of objects", async () => {
  await fc.assert(
    fc.asyncProperty(document, async (docs) => {
      await store(docs);
      for (const [at, [doc]] of docs.entries()) {
        const elements =
          doc.kind === "array" ? doc.items.map((item, index) => [model.serialize(item), BigInt(index)]) : [];
        const found = await db.rows(`SELECT JSON_SERIALIZE(e), i FROM docs t, t.d${at} e AT i ORDER BY i`);
        expect(found).toEqual(elements);
        const members = doc.kind === "object" ? doc.members.map(([name, item]) => [name, model.serialize(item)]) : [];
        const pairs = await db.rows(`SELECT k, JSON_SERIALIZE(v) FROM docs t, UNPIVOT t.d${at} AS v AT k`);
        expect(pairs.toSorted()).toEqual(members.toSorted());
      }
    }),
    { ...options, numRuns: Math.ceil(numRuns / 4) },
  );
});

test("CAN_JSON_PARSE is true for JSON and for nothing else", async () => {
  const broken = fc.tuple(
    superValue,
    fc.nat(),
    fc.constantFrom("", "}", "]", ",", '"', "0", "x", " ", "\\", "-", ".", "e"),
  );
  await fc.assert(
    fc.asyncProperty(many(broken), async (cases) => {
      const texts = cases.map(([doc, position, put]) => {
        const text = model.toJson(doc, "compact");
        const at = position % (text.length + 1);
        return text.slice(0, at) + put + text.slice(at + (put === "" ? 1 : 0));
      });
      const known = texts.filter((text) => !text.includes("\\u") && text.isWellFormed());
      const parameters = known.map((text, at) => ({ name: `p${at}`, value: text }));
      const columns = parameters.map(({ name }) => `CAN_JSON_PARSE(:${name})`);
      if (columns.length === 0) return;
      const { rows } = await db.session.execute(`SELECT ${columns.join(", ")}`, parameters);
      expect(known.map((text, at) => [text, rows[0]![at]])).toEqual(known.map((text) => [text, isJson(text)]));
    }),
    options,
  );
});

const isOneGroup = (a: ModelValue, b: ModelValue) =>
  model.equals(a, b) === true || (a.kind === "null" && b.kind === "null");

/** An equal value that is written in another way. */
function disguise(doc: ModelValue): ModelValue {
  switch (doc.kind) {
    case "decimal":
      return doc.digits.length < 37 ? { ...doc, digits: `${doc.digits}0`, scale: doc.scale + 1 } : doc;
    case "string":
      return { ...doc, value: `${doc.value} ` };
    case "array":
      return { ...doc, items: doc.items.map(disguise) };
    case "object":
      return { ...doc, members: doc.members.map(([name, item]) => [name, disguise(item)] as const).toReversed() };
    default:
      return doc;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
