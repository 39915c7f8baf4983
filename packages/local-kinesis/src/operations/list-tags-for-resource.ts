import { defineOperation } from "../operation.ts";
import { resolveResource, taggedResource } from "../resource.ts";
import { listTags } from "../tags.ts";
import { resourceArn } from "../validation/shape.ts";

/** Lists the tags of a stream or a consumer by its ARN. */
export const listTagsForResource = defineOperation<{ readonly ResourceARN: string }>({
  name: "ListTagsForResource",
  input: { ResourceARN: resourceArn },
  run(context, input) {
    return { Tags: listTags(taggedResource(resolveResource(context, input.ResourceARN))) };
  },
});
