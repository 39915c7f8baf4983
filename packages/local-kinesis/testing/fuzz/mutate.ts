import type { Random } from "@millrace/local-wire/testing/random";

/** Values that are of a wrong type, of a wrong size, or of a form that parsers and patterns trip over. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  1.5,
  1e9,
  -(2 ** 31) - 1,
  2 ** 53,
  1e308,
  -0,
  "",
  " ",
  "0",
  "-1",
  "01",
  "a",
  "\0",
  "\ud800",
  "ü€😀",
  "a\nb",
  "'\"<>&$`",
  "__proto__",
  "constructor",
  "toString",
  "arn:aws:kinesis:eu-west-1:000000000000:stream/none",
  "arn:aws:kinesis:eu-west-1:000000000000:stream/none/consumer/c:1",
  "arn:aws:kinesis:eu-west-1:000000000000:channel/none:1",
  `arn:aws${":kinesis:".repeat(30)}${":000000000000:stream/".repeat(20)}${"a".repeat(300)} `,
  "shardId-000000000000",
  "shardId-999999999999",
  "shardId-00000000000x",
  "9".repeat(39),
  "9".repeat(129),
  "9".repeat(5000),
  "x".repeat(129),
  "x".repeat(10_000),
  "AAAA",
  "AAA=",
  "A",
  "====",
  [],
  [null],
  [[]],
  ["a", "a"],
  [{}],
  {},
  { a: "b" },
  { "": "" },
  { a: null },
  { a: 1 },
  { a: [] },
  JSON.parse('{"__proto__": "x"}'),
  JSON.parse('{"__proto__": {"a": 1}, "constructor": {"prototype": null}}'),
  Buffer.alloc(0),
  Buffer.from([0, 255]),
  new Date(0),
  new Date(8.64e15),
  new Date(-1),
  nest(300, (inner) => [inner]),
  nest(300, (inner) => ({ a: inner })),
];

function nest(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = wrap(value);
  return value;
}

/** An input with one to three changes somewhere within. */
export function mutate(random: Random, input: object): unknown {
  let value: unknown = input;
  for (let left = 1 + random.below(3); left > 0; left -= 1) value = change(random, value);
  return value;
}

function change(random: Random, value: unknown): unknown {
  if (isStructure(value)) return changeStructure(random, value);
  if (Array.isArray(value)) return changeList(random, value);
  if (random.chance(0.5)) return random.pick(ODD_VALUES);
  if (typeof value === "string") return changeText(random, value);
  if (typeof value === "number")
    return random.pick([value + 1, value - 1, -value, value / 2, value * 10, String(value)]);
  if (value instanceof Date) return random.pick([value.getTime(), new Date(value.getTime() + 1), value.toJSON(), NaN]);
  return random.pick(ODD_VALUES);
}

function changeStructure(random: Random, value: Record<string, unknown>): unknown {
  const names = Object.keys(value);
  const name = names.length === 0 ? "a" : random.pick(names);
  switch (random.below(8)) {
    case 0:
      return Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
    case 1:
      return { ...value, [name]: random.pick(ODD_VALUES) };
    case 2:
      return {
        ...value,
        [random.pick(["Unknown", "unknown", "", "toString", name.toLowerCase()])]: random.pick(ODD_VALUES),
      };
    case 3:
      return { ...value, [name]: value[random.pick(names.length === 0 ? ["a"] : names)] };
    default:
      return { ...value, [name]: change(random, value[name]) };
  }
}

function changeList(random: Random, value: readonly unknown[]): unknown {
  if (value.length === 0) return random.pick(ODD_VALUES);
  const position = random.below(value.length);
  switch (random.below(6)) {
    case 0:
      return [];
    case 1:
      return value.toSpliced(position, 1);
    case 2:
      return Array.from({ length: 501 }, () => value[position]);
    case 3:
      return random.pick(ODD_VALUES);
    default:
      return value.with(position, change(random, value[position]));
  }
}

function changeText(random: Random, value: string): string {
  const position = random.below(value.length + 1);
  switch (random.below(5)) {
    case 0:
      return value.slice(0, position);
    case 1:
      return value.slice(position);
    case 2:
      return value + value;
    case 3:
      return value.toUpperCase();
    default:
      return value.slice(0, position) + random.pick(["\0", " ", "/", ":", "*", "😀", "0", "-"]) + value.slice(position);
  }
}

function isStructure(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    !(value instanceof Date)
  );
}

/** A body with some of its bytes changed, lost or added. */
export function mutateBytes(random: Random, body: Buffer): Buffer {
  const position = random.below(body.length + 1);
  const length = 1 + random.below(8);
  switch (random.below(5)) {
    case 0:
      return body.subarray(0, position);
    case 1:
      return Buffer.concat([body.subarray(0, position), body.subarray(position + length)]);
    case 2:
      return Buffer.concat([body.subarray(0, position), random.bytes(length), body.subarray(position)]);
    case 3:
      return Buffer.concat([body, body.subarray(position)]);
    default:
      return Buffer.concat([body.subarray(0, position), random.bytes(length), body.subarray(position + length)]);
  }
}
