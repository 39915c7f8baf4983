import { describeConsumer } from "../consumers/consumer.ts";
import type { KinesisContext } from "../context.ts";
import { invalidArgument, streamNotActive, streamNotFound } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import { formatPageToken, parsePageToken } from "../tokens/page-token.ts";
import { resolveStream } from "../streams/stream-address.ts";
import { streamStatus } from "../streams/stream.ts";
import type { Stream } from "../streams/stream.ts";
import { streamArn, streamId } from "../validation/shape.ts";

interface Input {
  readonly StreamARN: string;
  readonly NextToken?: string | null;
  readonly MaxResults?: number | null;
  /** Epoch seconds. */
  readonly StreamCreationTimestamp?: number | null;
}

interface Page {
  readonly streamId: number;
  /** Name of the last consumer shown. */
  readonly after: string;
}

const NAME = "ListStreamConsumers";
/** Source: Kinesis API reference, ListStreamConsumers: the default, and what a greater number counts as. */
const MAX_PAGE = 100;

/** Lists the consumers of a stream, in order of their names. */
export const listStreamConsumers = defineOperation<Input>({
  name: NAME,
  input: {
    StreamARN: { ...streamArn, required: true },
    NextToken: { type: "String", minLength: 1, maxLength: 1_048_576 },
    MaxResults: { type: "Integer", min: 1, max: 10_000 },
    StreamCreationTimestamp: { type: "Timestamp" },
    StreamId: streamId,
  },
  run(context, input) {
    const { accountId, consumers, seal, now } = context;
    const stream = resolveStream(context, { StreamARN: input.StreamARN });
    const { id: streamId, name, createdAt } = stream.state;
    if (streamStatus(stream.state) === "CREATING") throw streamNotActive(name, accountId, "CREATING");
    const after = findStart(context, stream, input);
    const created = input.StreamCreationTimestamp;
    // To the second, as precise as AWS's own times of creation.
    if (created != null && Math.floor(created) !== Math.floor(createdAt / 1000)) throw streamNotFound(name, accountId);

    const rest = consumers.list(streamId).filter((consumer) => consumer.name > after);
    const shown = rest.slice(0, Math.min(input.MaxResults ?? MAX_PAGE, MAX_PAGE));
    const next: Page = { streamId, after: shown.at(-1)?.name ?? after };
    return {
      Consumers: shown.map((consumer) => describeConsumer(context, stream, consumer)),
      NextToken: shown.length < rest.length ? formatPageToken(seal, NAME, now(), next) : undefined,
    };
  },
});

/** The name of the consumer that the page before ended with. Texts not confirmed on AWS. */
function findStart({ seal, now }: KinesisContext, { state }: Stream, input: Input): string {
  if (input.NextToken == null) return "";
  if (input.StreamCreationTimestamp != null) {
    throw invalidArgument("NextToken and StreamCreationTimestamp cannot be provided together.");
  }
  const page = parsePageToken<Page>(seal, NAME, now(), input.NextToken);
  if (page.streamId !== state.id) throw invalidArgument("Invalid NextToken.");
  return page.after;
}
