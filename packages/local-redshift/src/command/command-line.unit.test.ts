import { UsageError } from "@millrace/local-wire/command";
import { describe, expect, it } from "vitest";
import { parseCommandLine, renderHelp } from "./command-line.ts";

describe("a command line", () => {
  it("has a default for all but the Kinesis and the directory", () => {
    expect(parseCommandLine([])).toEqual({
      task: "start",
      options: {
        port: 4568,
        workgroup: "default",
        region: "eu-west-1",
        accountId: "000000000000",
        refreshDelayMs: 0,
      },
    });
  });

  it("sets every option", () => {
    const line =
      "--port 0 --kinesis-endpoint http://127.0.0.1:4567 --directory data --workgroup events-wg --region us-gov-west-1 " +
      "--account-id=123456789012 --refresh-delay 3000 --poll 50";
    expect(parseCommandLine(line.split(" "))).toEqual({
      task: "start",
      options: {
        port: 0,
        kinesis: { endpoint: "http://127.0.0.1:4567", pollMs: 50, readsPerSecond: 20 },
        directory: "data",
        workgroup: "events-wg",
        region: "us-gov-west-1",
        accountId: "123456789012",
        refreshDelayMs: 3000,
      },
    });
  });

  it("leaves a stream that is looked at seldom the reads that AWS allows", () => {
    expect(parseCommandLine(["--kinesis-endpoint", "http://127.0.0.1:4567"])).toMatchObject({
      options: { kinesis: { pollMs: 250, readsPerSecond: 5 } },
    });
  });

  it("asks for help and for the version", () => {
    expect(parseCommandLine(["-h"])).toEqual({ task: "help" });
    expect(parseCommandLine(["--version"])).toEqual({ task: "version" });
  });

  it.each([
    ["--prot 1", "'--prot'"],
    ["start", "'start'"],
    ["--version=2", "'--version'"],
  ])("is refused with the way to the help text for %j", (line, name) => {
    const refusal = (): unknown => parseCommandLine(line.split(" "));
    expect(refusal).toThrow(UsageError);
    expect(refusal).toThrow(new RegExp(`${name}[^\\n]*; local-redshift --help lists the options$`));
  });

  it.each([
    ["--port", "65536", "a whole number from 0 to 65535"],
    ["--refresh-delay", "-", "a whole number from 0 to 3600000"],
    ["--poll", "0", "a whole number from 1 to 3600000"],
    ["--kinesis-endpoint", "127.0.0.1:4567", "a URL such as http://127.0.0.1:4567"],
    ["--workgroup", "W", "3 to 64 of a-z, 0-9 and -"],
    ["--region", "Ireland", "a region such as eu-west-1"],
    ["--account-id", "123", "twelve digits"],
    ["--directory", "", "a path"],
  ])("is refused with what %s takes for %j", (option, value, expected) => {
    expect(() => parseCommandLine([`${option}=${value}`])).toThrow(
      new UsageError(`${option} must be ${expected}, got ${JSON.stringify(value)}`),
    );
  });

  it("is refused when it asks for a directory and for memory", () => {
    expect(() => parseCommandLine(["--memory", "--directory", "data"])).toThrow("exclude each other");
    expect(parseCommandLine(["--memory"])).toEqual(parseCommandLine([]));
  });
});

it("the help text names every option that can be set", () => {
  const options = "port kinesis-endpoint directory memory workgroup region account-id refresh-delay poll help version";
  for (const option of options.split(" ")) expect(renderHelp()).toContain(`  --${option} `);
});
