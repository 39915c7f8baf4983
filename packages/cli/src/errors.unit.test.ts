import { expect, test } from "vitest";
import { describeError } from "./errors.ts";

test("an error is told with its causes, each once", () => {
  const cause = new Error("the socket closed");
  const error = new Error("the put failed", { cause: new Error("the socket closed", { cause }) });
  expect(describeError(error)).toBe("the put failed\n  caused by: the socket closed");
});

test("something thrown that is no error is told as text", () => {
  expect(describeError("why not")).toBe("why not");
});
