const greatestMaxCapacity = 5632;

/** The RPU that a workgroup has unless it names another. */
export const defaultBaseCapacity = 128;

/**
 * Whether AWS takes this base capacity: 4, 8 to 512 in steps of 8, 544 to 1024 in steps of 32.
 * Source: Redshift management guide, serverless-capacity; eu-west-1 has all of them.
 */
function isBaseCapacity(rpu: number): boolean {
  if (rpu === 4) return true;
  if (rpu >= 8 && rpu <= 512) return rpu % 8 === 0;
  return rpu >= 544 && rpu <= 1024 && rpu % 32 === 0;
}

/** Why the two capacities do not go together, or `undefined`. Without `maxCapacity` there is no maximum. */
export function findCapacityProblem(baseCapacity: number, maxCapacity: number | undefined): string | undefined {
  if (!isBaseCapacity(baseCapacity)) {
    return `baseCapacity must be 4, 8 to 512 in units of 8, or 544 to 1024 in units of 32, got ${baseCapacity}`;
  }
  if (maxCapacity === undefined) return undefined;
  if (maxCapacity < baseCapacity || maxCapacity > greatestMaxCapacity) {
    return `maxCapacity must be from the base capacity, ${baseCapacity}, to ${greatestMaxCapacity}, got ${maxCapacity}`;
  }
  return undefined;
}
