import { defineOperation } from "../operation.ts";
import { resolveResource } from "../stream-address.ts";
import { removeTags } from "../tags.ts";
import { resourceArn, tagKeys } from "../validation/shape.ts";

/** Removes tags of a stream by its ARN. */
export const untagResource = defineOperation<{ readonly ResourceARN: string; readonly TagKeys: readonly string[] }>({
  name: "UntagResource",
  input: { TagKeys: tagKeys, ResourceARN: resourceArn },
  async run(context, input) {
    const { state } = resolveResource(context, input.ResourceARN);
    await context.catalogue.update({ ...state, tags: removeTags(state, input.TagKeys) });
    return undefined;
  },
});
