import fc from "fast-check";
import type { JsonStyle, ModelValue } from "./super-model.ts";

/** Attributes that documents have. */
export const attributeNames = ["alpha", "Beta", "a.b", 'q"uote', "sl\\ash", "é⬤", "two words", "0", "*", "$"];
const strings = ["", "x", "x ", " x", "TV", "42", "-7", "true", 'a"b\\c/d', "line\nend\u0001", "é⬤😀", "2001-09-08"];

/** A numeral has one digit before its point at least. */
const decimalOf = (digits: fc.Arbitrary<string>, mostScale: number) =>
  fc.tuple(fc.boolean(), digits, fc.nat(mostScale)).map(([negative, text, scale]): ModelValue => {
    return { kind: "decimal", negative, digits: text.padStart(scale + 1, "0"), scale };
  });

/** Few digits, zeros at their end, and neighbours of the numbers that values are compared with. */
export const shortDecimal = decimalOf(
  fc.constantFrom("0", "1", "5", "10", "42", "100", "110", "1250", "5001", "420000"),
  4,
);
const integer = decimalOf(fc.constantFrom("0", "1", "5", "42", "40000", "3000000000"), 0);
const longDecimal = decimalOf(
  fc.oneof(
    fc.nat().map(String),
    fc.bigInt({ min: 0n, max: 10n ** 37n }).map(String),
    fc.bigInt({ min: 10n ** 14n, max: 10n ** 19n }).map(String),
  ),
  12,
);

const plain: fc.Arbitrary<ModelValue> = fc.oneof(
  fc.constant<ModelValue>({ kind: "null" }),
  fc.boolean().map((value): ModelValue => ({ kind: "boolean", value })),
  fc
    .oneof(fc.constantFrom(...strings), fc.string({ unit: "grapheme", maxLength: 6 }))
    .map((value): ModelValue => ({ kind: "string", value })),
  integer,
);

/** With numbers that the engine's own JSON functions do not give back as they are. */
const any = fc.oneof(
  { weight: 3, arbitrary: plain },
  { weight: 1, arbitrary: longDecimal },
  {
    weight: 1,
    arbitrary: fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 })
      .map((value): ModelValue => ({ kind: "float", value: value + 0 })),
  },
);

const valueOf = (scalar: fc.Arbitrary<ModelValue>) =>
  fc.letrec<{ value: ModelValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      scalar,
      fc.array(tie("value"), { maxLength: 4 }).map((items): ModelValue => ({ kind: "array", items })),
      fc
        .uniqueArray(fc.tuple(fc.constantFrom(...attributeNames), tie("value")), {
          maxLength: 4,
          selector: ([name]) => name,
        })
        .map((members): ModelValue => ({ kind: "object", members })),
    ),
  })).value;

/** Documents; one unusual number makes the whole of it unusual, so they are kept apart. */
export const superValue = fc.oneof(valueOf(plain), valueOf(fc.oneof(plain, shortDecimal)), valueOf(any));

/** Ways to write a document. */
export const style = fc.constantFrom<JsonStyle>("compact", "blanks", "escapes");
