import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { announce, findRunning, retract, type Running } from "./running.ts";

const directory = mkdtempSync(join(tmpdir(), "millrace-running-"));
const outputs = {
  region: "eu-west-1",
  streamName: "s",
  workgroupName: "w",
  databaseName: "dev",
  adminSecretArn: "arn",
  redshiftRoleArn: "role",
};
const running: Running = { pid: process.pid, cloud: "http://127.0.0.1:1", page: "http://127.0.0.1:2", outputs };

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("a running dev is found, and not after it took its announcement back", async () => {
  await announce(directory, running);
  expect(await findRunning(directory, async () => true)).toEqual(running);
  await retract(directory);
  await expect(findRunning(directory)).rejects.toThrow("npm start");
});

test("an announcement of a process that is gone counts as nothing", async () => {
  await announce(directory, { ...running, pid: 2 ** 22 + 1 });
  await expect(findRunning(directory)).rejects.toThrow("npm start");
});

test("an announcement whose process id went to another process counts as nothing", async () => {
  await announce(directory, running);
  await expect(findRunning(directory)).rejects.toThrow("npm start");
});

test("half an announcement counts as nothing", async () => {
  writeFileSync(join(directory, "running.json"), "{");
  await expect(findRunning(directory)).rejects.toThrow("npm start");
});
