import { describeBasics } from "../streams/descriptions.ts";
import { defineOperation } from "../operation.ts";
import { formatPageToken, parsePageToken } from "../tokens/page-token.ts";
import { nextToken, pageSize, streamName } from "../validation/shape.ts";

interface Input {
  readonly Limit?: number | null;
  readonly ExclusiveStartStreamName?: string | null;
  readonly NextToken?: string | null;
}

const NAME = "ListStreams";
/** The most streams of a page, and how many there are unless fewer are asked for. Source: Kinesis API reference, ListStreams. */
const MAX_LIMIT = 100;

/** Lists streams in order of their names. */
export const listStreams = defineOperation<Input>({
  name: NAME,
  input: {
    Limit: pageSize,
    ExclusiveStartStreamName: streamName,
    NextToken: nextToken,
  },
  run(context, input) {
    const { catalogue, seal, now } = context;
    const after = input.NextToken
      ? parsePageToken<string>(seal, NAME, now(), input.NextToken)
      : (input.ExclusiveStartStreamName ?? "");
    const limit = Math.min(input.Limit ?? MAX_LIMIT, MAX_LIMIT);
    const streams = catalogue.list().filter(({ state }) => state.name > after);
    const page = streams.slice(0, limit);
    const hasMore = streams.length > limit;
    return {
      StreamNames: page.map(({ state }) => state.name),
      HasMoreStreams: hasMore,
      NextToken: hasMore ? formatPageToken(seal, NAME, now(), page.at(-1)?.state.name) : undefined,
      StreamSummaries: page.map((stream) => describeBasics(context, stream)),
    };
  },
});
