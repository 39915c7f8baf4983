import { expect, it } from "vitest";
import { renderWelcome } from "./welcome.ts";

const kinesis = { url: "http://127.0.0.1:4567", directory: "/tmp/local-kinesis-1" };

it("gives the settings of a client, and says what becomes of a temporary directory", () => {
  const welcome = renderWelcome(kinesis, { region: "eu-west-2", limits: true });
  expect(welcome).toContain(
    "export AWS_ENDPOINT_URL_KINESIS=http://127.0.0.1:4567 AWS_REGION=eu-west-2 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local\n",
  );
  expect(welcome).toContain("/tmp/local-kinesis-1, which is removed at the end; --directory PATH keeps them\n");
  expect(welcome).toContain("limits on\n");
});

it("says where streams stay", () => {
  const welcome = renderWelcome(kinesis, { region: "eu-west-1", directory: kinesis.directory, limits: false });
  expect(welcome).toContain("Streams are kept in /tmp/local-kinesis-1\n");
  expect(welcome).toContain("limits off\n");
});
