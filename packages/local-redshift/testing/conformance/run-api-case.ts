import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as data from "@aws-sdk/client-redshift-data";
import * as serverless from "@aws-sdk/client-redshift-serverless";
import { expect } from "vitest";
import { startLocalRedshift } from "../../src/local-redshift.ts";
import { createMemorySecrets } from "../memory-secrets.ts";
import { memoryStreams } from "../memory-streams.ts";
import { createWarehouse } from "../redshift-fixture.ts";
import type { ApiCase, ApiFile } from "./api-file.ts";
import { absentMembers, asExpectation, asInput, memberAt } from "./match.ts";

type Call = Exclude<ApiCase["calls"][number], { advanceSeconds: number }>;
type Outcome = Pick<Call, "output" | "error">;
type Answer = { readonly output: unknown } | { readonly error: Error };

/** Runs the calls of a case on a Redshift of its own, through the SDK's clients, and compares each answer. */
export async function runApiCase(one: ApiCase, file: ApiFile): Promise<void> {
  let offset = 0;
  const directory = file.onDisk === true ? await mkdtemp(join(tmpdir(), "millrace-conformance-")) : undefined;
  const redshift = await startLocalRedshift({
    port: 0,
    ...(directory === undefined ? {} : { directory }),
    streams: memoryStreams().reader,
    secrets: createMemorySecrets(),
    now: () => Date.now() + offset,
    ...file.options,
  });
  const options = {
    endpoint: redshift.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  };
  const clients = [
    { module: data, client: new data.RedshiftDataClient(options) },
    { module: serverless, client: new serverless.RedshiftServerlessClient(options) },
  ] as const;
  const saved = new Map<string, unknown>();
  const send = async ({ call, input = {} }: Call): Promise<Answer> => {
    const found = clients.find(({ module }) => `${call}Command` in module);
    if (found === undefined) throw new Error(`no client has an operation ${call}`);
    const Command = (found.module as unknown as Record<string, new (input: unknown) => never>)[`${call}Command`]!;
    try {
      const send = found.client.send as (command: never) => Promise<object>;
      const output: Record<string, unknown> = {
        ...(await send.call(found.client, new Command(asInput(input, saved)))),
      };
      delete output["$metadata"];
      return { output };
    } catch (error) {
      return { error: error as Error };
    }
  };
  try {
    if (file.empty !== true) saved.set("secret", await createWarehouse({ serverless: clients[1].client }));
    for (const [index, step] of one.calls.entries()) {
      if ("advanceSeconds" in step) {
        offset += step.advanceSeconds * 1000;
        continue;
      }
      const isLast = index === one.calls.length - 1;
      const answer =
        step.until === undefined
          ? await send(step)
          : await sendUntil(() => send(step), asExpectation(step.until, saved));
      compare(answer, isLast && one.here !== undefined ? one.here : step, saved);
      for (const [name, path] of Object.entries(step.save ?? {}))
        saved.set(name, memberAt("output" in answer ? answer.output : undefined, path));
    }
    if (one.here?.how === "missing") expect(one.here.error?.message).toContain("not built");
  } finally {
    for (const { client } of clients) client.destroy();
    await redshift.close();
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }
}

async function sendUntil(send: () => Promise<Answer>, expected: unknown): Promise<Answer> {
  let answer: Answer | undefined;
  await expect
    .poll(async () => ("output" in (answer = await send()) ? answer.output : answer.error), {
      interval: 5,
      timeout: 10_000,
    })
    .toMatchObject(expected as object);
  return answer!;
}

function compare(answer: Answer, expected: Outcome, saved: ReadonlyMap<string, unknown>): void {
  if (expected.error !== undefined) {
    const { name, message, $metadata } = ("error" in answer ? answer.error : {}) as data.RedshiftDataServiceException;
    const { status, ...rest } = expected.error;
    expect({ name, message, status: $metadata?.httpStatusCode }).toMatchObject({
      ...(asExpectation(rest, saved) as object),
      ...(status === undefined ? {} : { status }),
    });
    return;
  }
  if ("error" in answer) throw answer.error;
  if (expected.output === undefined) return;
  expect(answer.output).toMatchObject(asExpectation(expected.output, saved) as object);
  for (const name of absentMembers(expected.output)) expect(answer.output).not.toHaveProperty(name);
}
