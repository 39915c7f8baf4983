import { UsageError } from "@millrace/local-wire/command";
import { describe, expect, it } from "vitest";
import { parseCommandLine, renderHelp } from "./command-line.ts";

describe("a command line", () => {
  it("has a default for all but the directory", () => {
    expect(parseCommandLine([])).toEqual({
      task: "start",
      options: {
        port: 4567,
        region: "eu-west-1",
        accountId: "000000000000",
        limits: true,
        stateDelayMs: 500,
        durability: "process",
      },
    });
  });

  it("sets every option", () => {
    const line =
      "--port 0 --directory data --region us-gov-west-1 --account-id=123456789012 --limits off --state-delay 0 " +
      "--durability power";
    expect(parseCommandLine(line.split(" "))).toEqual({
      task: "start",
      options: {
        port: 0,
        directory: "data",
        region: "us-gov-west-1",
        accountId: "123456789012",
        limits: false,
        stateDelayMs: 0,
        durability: "power",
      },
    });
  });

  it.each([["--help"], ["-h"], ["--port", "1", "--help"]])("asks for help with %j", (...args) => {
    expect(parseCommandLine(args)).toEqual({ task: "help" });
  });

  it("asks for the version", () => expect(parseCommandLine(["--version"])).toEqual({ task: "version" }));

  it.each([
    ["--prot 1", "'--prot'"],
    ["--port", "'--port <value>'"],
    ["--port -1", "'--port'"],
    ["start", "'start'"],
    ["--version=2", "'--version'"],
  ])("is refused with the way to the help text for %j", (line, name) => {
    const refusal = (): unknown => parseCommandLine(line.split(" "));
    expect(refusal).toThrow(UsageError);
    expect(refusal).toThrow(new RegExp(`^[^.\\n]*${name}[^.\\n]*; local-kinesis --help lists the options$`));
  });

  it.each([
    ["--port", "65536", "a whole number from 0 to 65535"],
    ["--port", "1e3", "a whole number from 0 to 65535"],
    ["--port", "", "a whole number from 0 to 65535"],
    ["--state-delay", "0.5", "a whole number from 0 to 3600000"],
    ["--region", "Ireland", "a region such as eu-west-1"],
    ["--account-id", "123", "twelve digits"],
    ["--limits", "yes", "on or off"],
    ["--durability", "disk", "process or power"],
    ["--directory", "", "a path"],
  ])("is refused with what %s takes for %j", (option, value, expected) => {
    expect(() => parseCommandLine([option, value])).toThrow(
      new UsageError(`${option} must be ${expected}, got ${JSON.stringify(value)}`),
    );
  });
});

describe("the help text", () => {
  it("names every option that can be set", () => {
    for (const option of [
      "port",
      "directory",
      "region",
      "account-id",
      "limits",
      "state-delay",
      "durability",
      "help",
      "version",
    ]) {
      expect(renderHelp()).toContain(`  --${option} `);
    }
  });
});
