import { defineOperation } from "../operation.ts";
import { resolveResource } from "../stream-address.ts";
import { listTags } from "../tags.ts";
import { resourceArn } from "../validation/shape.ts";

/** Lists the tags of a stream by its ARN. */
export const listTagsForResource = defineOperation<{ readonly ResourceARN: string }>({
  name: "ListTagsForResource",
  input: { ResourceARN: resourceArn },
  run(context, input) {
    return { Tags: listTags(resolveResource(context, input.ResourceARN).state) };
  },
});
