import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
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

test("a second release leaves the lock to who has it by then", () => {
  const first = acquireLock(file(), "It");
  first.release();
  const second = acquireLock(file(), "It");
  first.release();
  expect(() => acquireLock(file(), "It")).toThrow("It is in use");
  second.release();
});

test.runIf(process.platform === "linux")("a lock that another thread of this process holds is respected", () => {
  const lock = acquireLock(file(), "It");
  const contents = readFileSync(file(), "utf8");
  lock.release();
  writeFileSync(file(), contents);
  expect(() => acquireLock(file(), "It")).toThrow(`process ${process.pid}`);
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

test("of several processes that find a stale lock at the same moment one gets it", async () => {
  acquireLock(file(), "It").release();
  writeFileSync(file(), "");
  const contender = `
    import { acquireLock } from ${JSON.stringify(new URL("directory-lock.ts", import.meta.url).href)};
    console.log("ready");
    process.stdin.once("data", (at) => {
      while (Date.now() < Number(at));
      try { acquireLock(${JSON.stringify(file())}, "It"); console.log("held"); } catch { console.log("refused"); }
    }).on("end", () => process.exit());`;
  const children = Array.from({ length: 4 }, () => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", contender], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  });
  await Promise.all(children.map(({ lines }) => lines.next()));
  for (const { child } of children) child.stdin.write(String(Date.now() + 50));
  const ends = await Promise.all(children.map(async ({ lines }) => (await lines.next()).value as string));
  for (const { child } of children) child.stdin.end();
  expect(ends.filter((end) => end === "held")).toHaveLength(1);
});
