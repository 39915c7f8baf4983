import type { LocalKinesis, LocalKinesisOptions } from "../start-local-kinesis.ts";

/** What a person sees at the start: where it listens, where it keeps the streams, and two lines to try. */
export function renderWelcome(kinesis: Pick<LocalKinesis, "url" | "directory">, options: LocalKinesisOptions): string {
  const isTemporary = options.directory === undefined;
  return [
    `Kinesis Data Streams on ${kinesis.url}, limits ${options.limits ? "on" : "off"}`,
    `Streams are kept in ${kinesis.directory}${isTemporary ? ", which is removed at the end; --directory PATH keeps them" : ""}`,
    "",
    `  export AWS_ENDPOINT_URL_KINESIS=${kinesis.url} AWS_REGION=${options.region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local`,
    "  aws kinesis create-stream --stream-name example --shard-count 1",
    "",
    "Ctrl-C ends it.",
    "",
  ].join("\n");
}
