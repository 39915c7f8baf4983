import { defineOperation } from "../operation.ts";
import { resolveActiveStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { addTags } from "../resources/tags.ts";
import type { Tags } from "../resources/tags.ts";
import { streamAddress, tagMap } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly Tags: Tags;
}

/** Adds tags to a stream, or gives those it has other values. */
export const addTagsToStream = defineOperation<Input>({
  name: "AddTagsToStream",
  input: { Tags: { ...tagMap, required: true }, ...streamAddress },
  async run(context, input) {
    const { state } = resolveActiveStream(context, input);
    await context.catalogue.update({ ...state, tags: addTags(context, state, input.Tags) });
    return undefined;
  },
});
