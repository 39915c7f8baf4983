import type { LocalRedshift } from "../local-redshift.ts";
import type { StartOptions } from "./command-line.ts";

/** What a person sees at the start: where it listens, what it reads, where it keeps the data, and two lines to try. */
export function renderWelcome({ url, workgroup }: LocalRedshift, options: StartOptions): string {
  const { directory, region, kinesis } = options;
  return [
    `Redshift Serverless, its Data API and Secrets Manager on ${url}`,
    kinesis?.endpoint === undefined
      ? "No streams; --kinesis-endpoint URL reads those of a Kinesis"
      : `Streams are read from ${kinesis.endpoint}`,
    directory === undefined ? "All is in memory; --directory PATH keeps it" : `All is kept in ${directory}`,
    `Workgroup ${workgroup?.workgroupName}, database ${workgroup?.database}, admin's secret ${workgroup?.secretArn}`,
    "",
    `  export AWS_ENDPOINT_URL=${url} AWS_REGION=${region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local`,
    `  aws redshift-data execute-statement --workgroup-name ${workgroup?.workgroupName} --database ${workgroup?.database} --secret-arn '${workgroup?.secretArn}' --sql "SELECT 1"`,
    "",
    "Ctrl-C ends it.",
    "",
  ].join("\n");
}
