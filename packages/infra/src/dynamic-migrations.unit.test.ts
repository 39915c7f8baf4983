import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { migrationsProvider } from "./dynamic-migrations.ts";

/**
 * The stub's text as a stack's state holds it: serialised by Pulumi in a Node of its own, since the test runner
 * rewrites sources that it loads.
 */
async function serialise(): Promise<string> {
  const script = `
    import { runtime } from "@pulumi/pulumi";
    import { migrationsProvider } from "./src/dynamic-migrations.ts";
    const provider = migrationsProvider;
    const { text, containsSecrets } = await runtime.serializeFunction(() => provider, { allowSecrets: true });
    if (containsSecrets) throw new Error("the stub captured a secret");
    process.stdout.write(text);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: new URL("..", import.meta.url),
  });
  return stdout;
}

describe("the migrations' provider, as it lies in every stack's state", () => {
  it("is this text, which refers to nothing but Node and the migrations", async () => {
    expect(await serialise()).toMatchSnapshot();
  });

  it("has every method of a provider but configure, through which old settings would come in", () => {
    expect(Object.keys(migrationsProvider)).toEqual(["check", "diff", "create", "read", "update", "delete"]);
  });
});
