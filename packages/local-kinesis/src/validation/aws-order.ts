import type { Members, Shape } from "./shape.ts";

/** Buckets of a `java.util.HashMap` that holds up to twelve keys. */
const BUCKETS = 16;

/**
 * Members, also those of structures within, in the order in which AWS lists their errors. Each list of errors that
 * kinesalite's tests recorded on AWS is in the order of a Java 7 `HashMap` whose keys are the names as errors show them, so
 * members that no recording shows are put in that order too, which is not confirmed. Two in one bucket stay as given.
 */
export function inAwsOrder(members: Members): Members {
  return Object.fromEntries(
    Object.entries(members)
      .map(([name, shape]) => [name, withMembersInOrder(shape)] as const)
      .sort(([left], [right]) => bucketOf(left) - bucketOf(right)),
  );
}

/** A member's name as errors show it: `streamName`. */
export function nameInErrors(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function withMembersInOrder(shape: Shape): Shape {
  if (shape.type === "Structure") return { ...shape, members: inAwsOrder(shape.members) };
  if (shape.type !== "List" || shape.member.type !== "Structure") return shape;
  return { ...shape, member: { ...shape.member, members: inAwsOrder(shape.member.members) } };
}

/** Java 7: `String.hashCode`, then `HashMap.hash`, then the lowest bits. */
function bucketOf(name: string): number {
  let hash = 0;
  for (const character of nameInErrors(name)) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0;
  hash ^= (hash >>> 20) ^ (hash >>> 12);
  hash ^= (hash >>> 7) ^ (hash >>> 4);
  return hash & (BUCKETS - 1);
}
