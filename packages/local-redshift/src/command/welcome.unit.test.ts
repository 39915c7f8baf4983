import { expect, it } from "vitest";
import { renderWelcome } from "./welcome.ts";

const url = "http://127.0.0.1:4568";
const workgroup = { workgroupName: "events-wg", database: "dev", secretArn: "arn:secret", roleArn: "arn:role" };
const redshift = { url, port: 4568, workgroup, close: () => Promise.resolve() };

it("tells where it listens, what it reads, where the data is, and what to try", () => {
  const text = renderWelcome(redshift, {
    workgroup: "events-wg",
    region: "eu-west-1",
    directory: "data",
    kinesis: { endpoint: "http://127.0.0.1:4567" },
  });
  expect(text).toContain(`on ${url}\n`);
  expect(text).toContain("read from http://127.0.0.1:4567\n");
  expect(text).toContain("kept in data\n");
  expect(text).toContain("--workgroup-name events-wg --database dev --secret-arn 'arn:secret'");
});

it("tells how to have streams and to keep the data", () => {
  const text = renderWelcome(redshift, { workgroup: "events-wg", region: "eu-west-1" });
  expect(text).toContain("--kinesis-endpoint URL");
  expect(text).toContain("--directory PATH");
});
