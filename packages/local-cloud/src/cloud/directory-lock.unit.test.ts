import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireLock } from "./directory-lock.ts";

let directory: string;
const file = () => join(directory, "nested", "cloud.lock");

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-lock-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("a lock that is held names what is in use and by which process", () => {
  const lock = acquireLock(file(), "The data directory");
  expect(() => acquireLock(file(), "The data directory")).toThrow(
    `The data directory is in use by process ${process.pid}`,
  );
  lock.release();
  acquireLock(file(), "The data directory").release();
});

test("the lock of a living process is respected", () => {
  acquireLock(file(), "It").release();
  writeFileSync(file(), `${process.ppid} `);
  expect(() => acquireLock(file(), "It")).toThrow(`process ${process.ppid}`);
});

test("the lock of a killed process is taken over", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const { pid } = child;
  child.kill("SIGKILL");
  await once(child, "exit");
  acquireLock(file(), "It").release();
  writeFileSync(file(), `${pid} 123`);
  acquireLock(file(), "It");
  expect(readFileSync(file(), "utf8")).toMatch(new RegExp(`^${process.pid} `));
});

test.runIf(process.platform === "linux")("the lock of a pid that another process has by now is taken over", () => {
  acquireLock(file(), "It").release();
  writeFileSync(file(), `${process.ppid} 1`);
  acquireLock(file(), "It").release();
});

test.each(["", "not a pid"])("a lock file that holds %j is taken over", (contents) => {
  acquireLock(file(), "It").release();
  writeFileSync(file(), contents);
  acquireLock(file(), "It").release();
});
