import { expect, test } from "vitest";
import { describeError, isForeseen, UserError } from "./errors.ts";

test("an error is told with its causes, each once", () => {
  const cause = new Error("the socket closed");
  const error = new Error("the put failed", { cause: new Error("the socket closed", { cause }) });
  expect(describeError(error)).toBe("the put failed\n  caused by: the socket closed");
});

test("something thrown that is no error is told as text", () => {
  expect(describeError("why not")).toBe("why not");
});

test.each([
  new UserError("put it right"),
  Object.assign(new Error("no credentials"), { name: "CredentialsProviderError" }),
  Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:4566"), { code: "ECONNREFUSED" }),
  Object.assign(new Error("not allowed"), { name: "AccessDeniedException", $fault: "client" }),
  new Error("the put failed", { cause: Object.assign(new Error("no such host"), { code: "ENOTFOUND" }) }),
])("%s is no fault of ours", (error) => expect(isForeseen(error)).toBe(true));

test.each([new TypeError("x is undefined"), new Error("unforeseen"), "text"])("%s is", (error) =>
  expect(isForeseen(error)).toBe(false),
);
