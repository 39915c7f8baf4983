import { defineOperation } from "../operation.ts";
import { resolveActiveTagged, setTags, taggedOf } from "../resources/resource.ts";
import { addTags } from "../resources/tags.ts";
import type { Tags } from "../resources/tags.ts";
import { resourceAddress, tagMap } from "../validation/shape.ts";

/** Adds tags to a stream, a consumer or a channel by its ARN. */
export const tagResource = defineOperation<{ readonly ResourceARN: string; readonly Tags: Tags }>({
  name: "TagResource",
  input: { Tags: { ...tagMap, required: true }, ...resourceAddress },
  async run(context, input) {
    const resource = resolveActiveTagged(context, input.ResourceARN);
    await setTags(context, resource, addTags(context, taggedOf(resource), input.Tags));
    return undefined;
  },
});
