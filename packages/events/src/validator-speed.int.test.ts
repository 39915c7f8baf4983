import Type from "typebox";
import { expect, it } from "vitest";
import { defineFamily } from "./family.ts";
import { envelope, integer, nullable, oneOf, text } from "./fields.ts";
import { checkEvent, families } from "./index.ts";

/** The aim is 1 M events/s on one core; a busy machine may take four times as long before this fails. */
const floorPerSecond = 250_000;
const eventCount = 2_000;
const rounds = 250;

it("checks events of fifteen fields far faster than a stream takes them", () => {
  const fifteen = defineFamily({
    name: "activity",
    view: "activity",
    eventNames: ["A", "B"],
    schema: Type.Object(
      {
        ...envelope(oneOf(["A", "B"]), integer({ minimum: 0, maximum: 100 })),
        ...Object.fromEntries(Array.from({ length: 4 }, (_, index) => [`text_${index}`, text()])),
        ...Object.fromEntries(
          Array.from({ length: 4 }, (_, index) => [`count_${index}`, integer({ minimum: 0, maximum: 1e6 })]),
        ),
        ...Object.fromEntries(Array.from({ length: 3 }, (_, index) => [`maybe_${index}`, nullable(text())])),
      },
      { additionalProperties: false },
    ),
  });
  expect(fifteen.columns).toHaveLength(15);
  report("15 fields", fifteen.sample, fifteen.matches);
});

it.each(families)("checks $name events far faster than a stream takes them", (family) => {
  report(family.name, family.sample, (value) => checkEvent(value).valid);
});

function report(
  label: string,
  sample: (random: () => number, now: number) => object,
  check: (value: object) => boolean,
): void {
  const events = Array.from(
    { length: eventCount },
    (_, index) => JSON.parse(JSON.stringify(sample(Math.random, index))) as object,
  );
  let valid = 0;
  for (const event of events) if (check(event)) valid++; // compiles the hot path before the clock starts
  expect(valid).toBe(eventCount);
  const startedAt = performance.now();
  for (let round = 0; round < rounds; round++) for (const event of events) if (check(event)) valid++;
  const perSecond = (eventCount * rounds * 1000) / (performance.now() - startedAt);
  console.log(`validator, ${label}: ${(perSecond / 1e6).toFixed(1)} M events/s`);
  expect(perSecond).toBeGreaterThan(floorPerSecond);
}
