import { defineOperation } from "../operation.ts";
import { checkPolicy } from "../resources/resource-policy.ts";
import { resolveActiveResource, setPolicy } from "../resources/resource.ts";
import { policyAddress } from "../validation/shape.ts";

interface Input {
  readonly ResourceARN: string;
  readonly Policy: string;
}

/** Keeps a policy of a stream or a consumer in place of the one it has. Nobody is refused because of it. */
export const putResourcePolicy = defineOperation<Input>({
  name: "PutResourcePolicy",
  input: { ...policyAddress, Policy: { type: "String", required: true } },
  async run(context, input) {
    const resource = resolveActiveResource(context, input.ResourceARN);
    checkPolicy(input.Policy);
    await setPolicy(context, resource, input.Policy);
    return undefined;
  },
});
