import { defineOperation } from "../operation.ts";
import { resolveStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { listTags } from "../resources/tags.ts";
import { streamAddress } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly ExclusiveStartTagKey?: string | null;
  readonly Limit?: number | null;
}

/** Lists the tags of a stream in order of their keys. */
export const listTagsForStream = defineOperation<Input>({
  name: "ListTagsForStream",
  input: {
    Limit: { type: "Integer", min: 1, max: 50 },
    ExclusiveStartTagKey: { type: "String", minLength: 1, maxLength: 128 },
    ...streamAddress,
  },
  run(context, input) {
    const { state } = resolveStream(context, input);
    const tags = listTags(state).filter(({ Key }) => Key > (input.ExclusiveStartTagKey ?? ""));
    const limit = input.Limit ?? tags.length;
    return { Tags: tags.slice(0, limit), HasMoreTags: tags.length > limit };
  },
});
