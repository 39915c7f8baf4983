import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Choices that a seed determines. */
export interface Random {
  /** A whole number from 0 to below a bound. */
  below(bound: number): number;
  chance(probability: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
}

/** The choices of a seed. */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const below = (bound: number): number => Math.floor(uniformFloat64(generator) * bound);
  return {
    below,
    chance: (probability) => uniformFloat64(generator) < probability,
    pick: (values) => values[below(values.length)] as (typeof values)[number],
  };
}
