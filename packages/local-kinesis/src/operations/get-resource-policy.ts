import { defineOperation } from "../operation.ts";
import { NO_POLICY } from "../resources/resource-policy.ts";
import { policyOf, resolveResource } from "../resources/resource.ts";
import { policyAddress } from "../validation/shape.ts";

/** Answers the policy of a stream or a consumer, as it was put. */
export const getResourcePolicy = defineOperation<{ readonly ResourceARN: string }>({
  name: "GetResourcePolicy",
  input: policyAddress,
  run(context, input) {
    return { Policy: policyOf(resolveResource(context, input.ResourceARN)) ?? NO_POLICY };
  },
});
