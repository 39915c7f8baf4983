import { expect, test } from "vitest";
import { answerCallerIdentity } from "./caller-identity-route.ts";

const post = (form: string, path = "/") =>
  answerCallerIdentity({
    method: "POST",
    path,
    query: new URLSearchParams(),
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
    body: Buffer.from(form),
  });

test("answers GetCallerIdentity with the local account", async () => {
  const answer = await post("Action=GetCallerIdentity&Version=2011-06-15");
  expect(answer?.status).toBe(200);
  expect(answer?.body).toContain("<Account>000000000000</Account>");
});

test("refuses other actions and leaves other requests alone", async () => {
  expect((await post("Action=AssumeRole"))?.body).toContain("<Code>InvalidAction</Code>");
  expect(await post("Action=GetCallerIdentity", "/other")).toBeUndefined();
  expect(await post("")).toBeUndefined();
});
