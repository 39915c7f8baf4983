import { defineOperation } from "../operation.ts";
import { resolveResource, setTags, taggedResource } from "../resource.ts";
import { removeTags } from "../tags.ts";
import { resourceArn, tagKeys } from "../validation/shape.ts";

/** Removes tags of a stream or a consumer by its ARN. */
export const untagResource = defineOperation<{ readonly ResourceARN: string; readonly TagKeys: readonly string[] }>({
  name: "UntagResource",
  input: { TagKeys: tagKeys, ResourceARN: resourceArn },
  async run(context, input) {
    const resource = resolveResource(context, input.ResourceARN);
    await setTags(context, resource, removeTags(taggedResource(resource), input.TagKeys));
    return undefined;
  },
});
