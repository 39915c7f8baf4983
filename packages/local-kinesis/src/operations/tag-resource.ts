import { defineOperation } from "../operation.ts";
import { resolveResource } from "../stream-address.ts";
import { addTags } from "../tags.ts";
import type { Tags } from "../tags.ts";
import { resourceArn, tagMap } from "../validation/shape.ts";

/** Adds tags to a stream by its ARN. */
export const tagResource = defineOperation<{ readonly ResourceARN: string; readonly Tags: Tags }>({
  name: "TagResource",
  input: { Tags: { ...tagMap, required: true }, ResourceARN: resourceArn },
  async run(context, input) {
    const { state } = resolveResource(context, input.ResourceARN);
    await context.catalogue.update({ ...state, tags: addTags(context, state, input.Tags) });
    return undefined;
  },
});
