import { WireError } from "@millrace/local-wire";
import { defineOperation } from "../operation.ts";
import { policyOf, resolveActiveResource, setPolicy } from "../resources/resource.ts";
import { policyAddress } from "../validation/shape.ts";

/** Removes the policy of a stream or a consumer. */
export const deleteResourcePolicy = defineOperation<{ readonly ResourceARN: string }>({
  name: "DeleteResourcePolicy",
  input: policyAddress,
  async run(context, input) {
    const resource = resolveActiveResource(context, input.ResourceARN);
    if (policyOf(resource) === undefined) {
      // That it is an error was recorded on AWS (localstack/localstack:tests/aws/services/kinesis); which one was not.
      throw new WireError(
        "ResourceNotFoundException",
        `No resource policy found for resource ARN ${input.ResourceARN}`,
      );
    }
    await setPolicy(context, resource, undefined);
    return undefined;
  },
});
