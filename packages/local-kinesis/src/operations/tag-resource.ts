import { defineOperation } from "../operation.ts";
import { resolveResource, setTags, taggedResource } from "../resource.ts";
import { addTags } from "../tags.ts";
import type { Tags } from "../tags.ts";
import { resourceArn, tagMap } from "../validation/shape.ts";

/** Adds tags to a stream or a consumer by its ARN. */
export const tagResource = defineOperation<{ readonly ResourceARN: string; readonly Tags: Tags }>({
  name: "TagResource",
  input: { Tags: { ...tagMap, required: true }, ResourceARN: resourceArn },
  async run(context, input) {
    const resource = resolveResource(context, input.ResourceARN);
    await setTags(context, resource, addTags(context, taggedResource(resource), input.Tags));
    return undefined;
  },
});
