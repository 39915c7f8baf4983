import * as sdk from "@aws-sdk/client-kinesis";
import type { Target } from "./target.ts";

/** Every operation that the SDK's client has a command for, in the order of the alphabet. */
export const OPERATIONS: readonly string[] = Object.keys(sdk)
  .flatMap((name) => /^([A-Z]\w+)Command$/.exec(name)?.[1] ?? [])
  .sort();

/** Those of {@link OPERATIONS} that an endpoint knows. */
export async function findBuilt(target: Target): Promise<readonly string[]> {
  const built: string[] = [];
  for (const operation of OPERATIONS) {
    const { body } = await target.call(operation, {});
    if (body.__type !== "UnknownOperationException") built.push(operation);
  }
  return built;
}
