import { expect, test } from "vitest";
import { LockManager } from "./locks.ts";

const [ann, ben, cat, dan] = [{ pid: 1 }, { pid: 2 }, { pid: 3 }, { pid: 4 }] as const;
const [table, other] = [1, 2];

test("who waits for a writer does not wait for the readers beside it, so none of them makes a deadlock", async () => {
  const locks = new LockManager();
  await locks.take(ann, table, "share");
  await locks.take(dan, table, "write");
  await locks.take(ben, other, "exclusive");
  const annWaits = locks.take(ann, other, "share");
  const benWaits = locks.take(ben, table, "write");
  locks.release(dan);
  expect(await benWaits).toBe(true);
  locks.release(ben);
  expect(await annWaits).toBe(true);
});

test("who is behind another in the queue waits for it, though both could have the lock", async () => {
  const locks = new LockManager();
  await locks.take(ann, table, "share");
  await locks.take(cat, other, "exclusive");
  const benWaits = locks.take(ben, table, "exclusive");
  const catWaits = locks.take(cat, table, "share");
  await expect(locks.take(ann, other, "share")).rejects.toThrow("deadlock detected");
  locks.release(ann);
  expect(await benWaits).toBe(true);
  locks.release(ben);
  expect(await catWaits).toBe(true);
});

test("who goes to the head of a queue makes those behind it wait, and a circle through them is a deadlock", async () => {
  const locks = new LockManager();
  await locks.take(ann, table, "share");
  await locks.take(ben, table, "write");
  await locks.take(cat, other, "exclusive");
  const annWaits = locks.take(ann, other, "share");
  const catWaits = locks.take(cat, table, "write");
  await expect(locks.take(dan, table, "exclusive", undefined, { overtakes: true })).rejects.toThrow(
    "deadlock detected",
  );
  locks.release(ben);
  expect(await catWaits).toBe(true);
  locks.release(cat);
  expect(await annWaits).toBe(true);
});

test("what made it a deadlock is left behind by nobody: the same lock can be had afterwards", async () => {
  const locks = new LockManager();
  await locks.take(ann, table, "exclusive");
  await locks.take(ben, other, "exclusive");
  const benWaits = locks.take(ben, table, "share");
  await expect(locks.take(ann, other, "share")).rejects.toThrow("deadlock detected");
  locks.release(ann);
  await benWaits;
  locks.release(ben);
  expect(locks.list()).toEqual([]);
  expect(await locks.take(ann, other, "exclusive")).toBe(false);
});
