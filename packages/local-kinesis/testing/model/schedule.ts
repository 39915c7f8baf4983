import fc from "fast-check";

/** One step of a random schedule. Numbers that choose (`shard`, `record`, …) count around what there is at that moment. */
export type Step =
  | { readonly kind: "put"; readonly entries: readonly PutChoice[]; readonly inOneCall: boolean }
  | { readonly kind: "iterate"; readonly shard: number; readonly type: IteratorType; readonly record: number }
  | { readonly kind: "read"; readonly iterator: number; readonly limit: number | undefined }
  | { readonly kind: "split"; readonly shard: number; readonly part: bigint }
  | { readonly kind: "merge"; readonly pair: number }
  | { readonly kind: "rescale"; readonly target: number }
  | { readonly kind: "retain"; readonly hours: number }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "reopen" }
  | { readonly kind: "consume"; readonly shard: number; readonly limit: number };

/** A record to put: a key of a few, or a hash key at the border of a shard. */
export interface PutChoice {
  readonly key: number;
  readonly border?: { readonly shard: number; readonly edge: "start" | "end" } | undefined;
}

const ITERATOR_TYPES = [
  "TRIM_HORIZON",
  "LATEST",
  "AT_SEQUENCE_NUMBER",
  "AFTER_SEQUENCE_NUMBER",
  "AT_TIMESTAMP",
] as const;
export type IteratorType = (typeof ITERATOR_TYPES)[number];

/** The part of a split counts up to this: where between the ends of a shard it is split. */
export const SPLIT_PARTS = 2n ** 64n;

const HOUR_MS = 3_600_000;
/** How long an iterator is good for. Source: Kinesis API reference, GetShardIterator. */
export const ITERATOR_LIFETIME_MS = 300_000;
const nat = fc.nat({ max: 40 });
const limit = fc.integer({ min: 1, max: 6 });
const choice: fc.Arbitrary<PutChoice> = fc.record({
  key: fc.nat({ max: 11 }),
  border: fc.option(fc.record({ shard: nat, edge: fc.constantFrom("start", "end") }), { nil: undefined, freq: 2 }),
});
const put: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant("put"),
  entries: fc.array(choice, { minLength: 1, maxLength: 8 }),
  inOneCall: fc.boolean(),
});
const changes: fc.WeightedArbitrary<Step>[] = [
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("split"),
      shard: nat,
      part: fc.bigInt({ min: 0n, max: SPLIT_PARTS }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("merge"), pair: nat }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rescale"), target: nat }) },
  { weight: 1, arbitrary: fc.constant({ kind: "reopen" }) },
];
const shortWait = fc.integer({ min: 1, max: 3_000 });

/** Everything that may happen to a stream: records expire, iterators too. */
export const anySchedule: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: put },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("iterate"),
        shard: nat,
        type: fc.constantFrom(...ITERATOR_TYPES),
        record: nat,
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant("read"), iterator: nat, limit: fc.option(limit, { nil: undefined }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("retain"), hours: fc.integer({ min: 24, max: 60 }) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("wait"),
        ms: fc.oneof(
          shortWait,
          fc.constantFrom(ITERATOR_LIFETIME_MS, ITERATOR_LIFETIME_MS + 1, 24 * HOUR_MS, 24 * HOUR_MS + 1),
          fc.integer({ min: HOUR_MS, max: 30 * HOUR_MS }),
        ),
      }),
    },
    ...changes,
  ),
  { minLength: 5, maxLength: 40 },
);

/** What happens to a stream while a consumer follows it: nothing expires. */
export const consumedSchedule: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: put },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("consume"), shard: nat, limit }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait"), ms: shortWait }) },
    ...changes,
  ),
  { minLength: 5, maxLength: 50 },
);
