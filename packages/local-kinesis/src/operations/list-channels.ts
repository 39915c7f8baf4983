import { streamFilter } from "../channels/channel-shapes.ts";
import { summarizeChannel } from "../channels/channel.ts";
import type { Channel } from "../channels/channel.ts";
import type { KinesisContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { formatPageToken, parsePageToken } from "../tokens/page-token.ts";
import { formatStreamArn } from "../streams/stream-address.ts";
import { isCreatedAt } from "../streams/stream.ts";
import { nextToken, pageSize } from "../validation/shape.ts";

interface Filter {
  readonly StreamARN: string;
  /** Epoch seconds. */
  readonly StreamCreationTimestamp?: number | null;
}

interface Input {
  readonly StreamFilter?: readonly Filter[] | null;
  readonly MaxResults?: number | null;
  readonly NextToken?: string | null;
}

const NAME = "ListChannels";
/** The most channels of a page, and how many there are unless fewer are asked for. Source: Kinesis API reference, ListChannels. */
const MAX_RESULTS = 100;

/** Lists channels in order of their names, all or those of some streams. The filter is given with each page. */
export const listChannels = defineOperation<Input>({
  name: NAME,
  input: { StreamFilter: streamFilter, MaxResults: pageSize, NextToken: nextToken },
  run(context, input) {
    const { channels, seal, now } = context;
    const after = input.NextToken ? parsePageToken<string>(seal, NAME, now(), input.NextToken) : "";
    const found = channels
      .list()
      .filter((channel) => channel.name > after && passes(context, channel, input.StreamFilter ?? undefined));
    const page = found.slice(0, Math.min(input.MaxResults ?? MAX_RESULTS, MAX_RESULTS));
    return {
      ChannelSummaries: page.map((channel) => summarizeChannel(context, channel)),
      NextToken: page.length < found.length ? formatPageToken(seal, NAME, now(), page.at(-1)?.name) : undefined,
    };
  },
});

function passes(context: KinesisContext, { stream }: Channel, filters: readonly Filter[] | undefined): boolean {
  if (!filters) return true;
  return filters.some(
    ({ StreamARN: arn, StreamCreationTimestamp: at }) =>
      arn === formatStreamArn(context, stream.name) && (at == null || isCreatedAt(stream, at)),
  );
}
