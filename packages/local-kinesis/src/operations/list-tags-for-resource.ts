import { defineOperation } from "../operation.ts";
import { resolveTagged, taggedOf } from "../resources/resource.ts";
import { listTags } from "../resources/tags.ts";
import { resourceAddress } from "../validation/shape.ts";

/** Lists the tags of a stream, a consumer or a channel by its ARN. */
export const listTagsForResource = defineOperation<{ readonly ResourceARN: string }>({
  name: "ListTagsForResource",
  input: resourceAddress,
  run(context, input) {
    return { Tags: listTags(taggedOf(resolveTagged(context, input.ResourceARN))) };
  },
});
