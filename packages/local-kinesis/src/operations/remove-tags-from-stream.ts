import { defineOperation } from "../operation.ts";
import { resolveActiveStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { removeTags } from "../resources/tags.ts";
import { streamAddress, tagKeys } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly TagKeys: readonly string[];
}

/** Removes tags of a stream. */
export const removeTagsFromStream = defineOperation<Input>({
  name: "RemoveTagsFromStream",
  input: { TagKeys: tagKeys, ...streamAddress },
  async run(context, input) {
    const { state } = resolveActiveStream(context, input);
    await context.catalogue.update({ ...state, tags: removeTags(context, state, input.TagKeys) });
    return undefined;
  },
});
