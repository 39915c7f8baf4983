import { describe, expect, test } from "vitest";
import { command, parseStrictly, renderHelp, wholeNumber } from "./command-line.ts";
import { UsageError } from "./errors.ts";

const probe = command({
  name: "probe",
  description: "A command for these tests",
  args: {
    file: { type: "positional", required: true, description: "a file" },
    stage: { type: "string", default: "local", description: "a stage" },
    wait: { type: "boolean", default: false, description: "wait" },
  },
  examples: [["npx millrace probe x", "does it"]],
  run: async () => 0,
});

describe("a command line", () => {
  test("is parsed with defaults", () => {
    expect(parseStrictly(probe, ["x", "--wait"])).toMatchObject({ file: "x", stage: "local", wait: true });
  });

  test.each([
    [["x", "--stge", "local"], "--stge"],
    [["x", "--stage"], "--stage"],
    [["x", "y"], "takes 1 argument"],
    [[], "FILE"],
  ])("%j is refused by name", (rawArgs, named) => {
    expect(() => parseStrictly(probe, rawArgs)).toThrow(UsageError);
    expect(() => parseStrictly(probe, rawArgs)).toThrow(named);
  });

  test("takes a lone dash as an argument", () => {
    expect(parseStrictly(probe, ["-"])).toMatchObject({ file: "-" });
  });

  test("explains itself with its examples", async () => {
    const help = await renderHelp(probe);
    expect(help).toContain("npx millrace probe x   does it");
    expect(help).toContain("--stage");
    expect(help).not.toContain("\u001b");
  });
});

describe("a whole number", () => {
  test("is taken within its bounds", () => {
    expect(wholeNumber("--rate", "50", 1, 100)).toBe(50);
  });

  test.each(["", "0", "101", "1.5", "ten", "1e9"])("%j is refused with the option and the bounds", (text) => {
    expect(() => wholeNumber("--rate", text, 1, 100)).toThrow(/--rate must be a whole number from 1 to 100/);
  });
});
