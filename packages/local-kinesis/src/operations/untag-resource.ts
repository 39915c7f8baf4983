import { defineOperation } from "../operation.ts";
import { resolveActiveTagged, setTags, taggedOf } from "../resources/resource.ts";
import { removeTags } from "../resources/tags.ts";
import { resourceAddress, tagKeys } from "../validation/shape.ts";

/** Removes tags of a stream, a consumer or a channel by its ARN. */
export const untagResource = defineOperation<{ readonly ResourceARN: string; readonly TagKeys: readonly string[] }>({
  name: "UntagResource",
  input: { TagKeys: tagKeys, ...resourceAddress },
  async run(context, input) {
    const resource = resolveActiveTagged(context, input.ResourceARN);
    await setTags(context, resource, removeTags(context, taggedOf(resource), input.TagKeys));
    return undefined;
  },
});
