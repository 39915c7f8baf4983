import { expect, test } from "vitest";
import { createClosers } from "./closers.ts";

test("the last that was opened is closed first, and each once", async () => {
  const closed: string[] = [];
  const closers = createClosers();
  closers.add(() => void closed.push("cloud"));
  closers.add(async () => void closed.push("page"));
  await closers.closeAll();
  await closers.closeAll();
  expect(closed).toEqual(["page", "cloud"]);
});

test("one that fails leaves none of the others open", async () => {
  const closed: string[] = [];
  const closers = createClosers();
  closers.add(() => void closed.push("cloud"));
  closers.add(() => Promise.reject(new Error("the page would not end")));
  await expect(closers.closeAll()).rejects.toThrow("the page would not end");
  expect(closed).toEqual(["cloud"]);
});
