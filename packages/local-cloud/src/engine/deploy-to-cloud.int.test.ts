import { join } from "node:path";
import { DeleteStreamCommand, DescribeStreamSummaryCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeTinyProject, type TinyProject } from "../../testing/tiny-project.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { startLocalCloud, type LocalCloud } from "../cloud/local-cloud.ts";
import { deployLocal, type DeployResult } from "./deploy-local.ts";

let project: TinyProject;
let cloud: LocalCloud;
let client: KinesisClient;

beforeAll(async () => {
  project = makeTinyProject();
  project.declare([
    {
      name: "letters",
      type: "aws-native:kinesis:Stream",
      props: { name: "letters", streamModeDetails: { streamMode: "ON_DEMAND" } },
    },
    { name: "queue", type: "aws:sqs/queue:Queue" },
  ]);
  cloud = await startLocalCloud({ directory: project.dataDirectory, port: 0 });
  client = new KinesisClient({
    endpoint: cloud.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
});
afterAll(async () => {
  client?.destroy();
  await cloud?.close();
  project?.remove();
});

const deploy = () => {
  const operations: string[] = [];
  const result = deployLocal({
    projectDirectory: project.directory,
    stack: "local",
    directory: project.dataDirectory,
    endpoint: cloud.url,
    onEvent: ({ status, operation, name }) => status === "done" && operations.push(`${operation} ${name}`),
  });
  return result.then((done): DeployResult & { operations: string[] } => ({ ...done, operations }));
};
const findStream = () => client.send(new DescribeStreamSummaryCommand({ StreamName: "letters" }));

test("the program's resources are there for every SDK, and an unchanged program is not run again", async () => {
  const first = await deploy();
  expect(first.changes.create).toBe(6);
  expect((await findStream()).StreamDescriptionSummary).toMatchObject({ StreamStatus: "ACTIVE" });

  const second = await deploy();
  expect(second.operations).toEqual([]);
  expect(second.changes).toEqual({ create: 0, update: 0, replace: 0, delete: 0, same: 6 });
  expect(second.outputs).toEqual(first.outputs);
});

test("a stream that was deleted behind the engine's back is made again", async () => {
  await client.send(new DeleteStreamCommand({ StreamName: "letters" }));
  await expect.poll(() => findStream().catch((error: Error) => error.name)).toBe("ResourceNotFoundException");
  const { operations } = await deploy();
  expect(operations.filter((operation) => !operation.startsWith("same"))).toEqual(["create letters"]);
  expect((await findStream()).StreamDescriptionSummary?.StreamStatus).toBe("ACTIVE");
});

test("a create that was cut off is found again and taken over", async () => {
  const file = join(project.dataDirectory, "state.json");
  const state = JSON.parse(readFileSync(file, "utf8")) as { resources: { urn: string }[]; pendingCreates: string[] };
  const cut = state.resources.filter(({ urn }) => /::(letters|queue)$/.test(urn)).map(({ urn }) => urn);
  state.resources = state.resources.filter(({ urn }) => !cut.includes(urn));
  state.pendingCreates = cut;
  writeFileSync(file, JSON.stringify({ ...state, settledDigest: undefined }));
  expect((await deploy()).changes).toMatchObject({ create: 2, same: 4 });
  expect((await deploy()).changes).toMatchObject({ same: 6 });
});

test("a change of the stack file alone runs the program", async () => {
  project.writeStack("config:\n  tiny:setting: two\n");
  expect((await deploy()).outputs.setting).toBe("two");
});
