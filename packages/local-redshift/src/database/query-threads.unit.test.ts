import { expect, it } from "vitest";
import { leastThreads, mostThreads, QueryThreads } from "./query-threads.ts";

/** Records what the number of threads is set to; a query ends when it is told to. */
function world(rows: number) {
  const numbers: number[] = [];
  const threads = new QueryThreads(
    async (count) => void numbers.push(count),
    () => rows,
  );
  const start = () => {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    return { end, answer: threads.during(() => ended) };
  };
  return { numbers, threads, start };
}

const raised = mostThreads === leastThreads ? [] : [mostThreads];
const raisedAndBack = mostThreads === leastThreads ? [] : [mostThreads, leastThreads];

it("all threads are there from the first query over many rows to the end of the last", async () => {
  const { numbers, threads, start } = world(1_000_000);
  const [first, second] = [start(), start()];
  first.end();
  await first.answer;
  await threads.settle();
  expect(numbers).toEqual(raised);
  second.end();
  await second.answer;
  await threads.settle();
  expect(numbers).toEqual(raisedAndBack);
});

it("they are taken back after a query that fails, which fails as it did", async () => {
  const { numbers, threads } = world(5_000_000);
  await expect(threads.during(() => Promise.reject(new Error("division by zero")))).rejects.toThrow("division by zero");
  await threads.settle();
  expect(numbers).toEqual(raisedAndBack);
});

it("queries over few rows change nothing", async () => {
  const { numbers, threads } = world(999_999);
  expect(await threads.during(() => Promise.resolve(7))).toBe(7);
  await threads.settle();
  expect(numbers).toEqual([]);
});

it("a query does not wait for threads that cannot be had", async () => {
  const threads = new QueryThreads(
    () => new Promise(() => undefined),
    () => 1_000_000,
  );
  expect(await threads.during(() => Promise.resolve(7))).toBe(7);
});
