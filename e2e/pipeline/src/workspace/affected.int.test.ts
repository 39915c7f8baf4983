import { execFileSync } from "node:child_process";
import { appendFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyWorkspace, type WorkspaceCopy } from "../harness/workspace-copy.ts";

let copy: WorkspaceCopy;
const git = (...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...args], {
    cwd: copy.directory,
    encoding: "utf8",
  });

beforeAll(() => {
  copy = copyWorkspace();
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", "base");
});

afterAll(() => copy.remove());

/** The projects that `nx affected` would run after one file has changed. */
function affectedBy(file: string): string[] {
  appendFileSync(join(copy.directory, file), "\n# changed\n".replace("#", file.endsWith(".sql") ? "--" : "#"));
  const environment = { ...process.env, NX_DAEMON: "false", NX_CACHE_PROJECT_GRAPH: "false" };
  const out = execFileSync(
    process.execPath,
    [join(copy.directory, "node_modules/nx/dist/bin/nx.js"), "show", "projects", "--affected", "--base=HEAD", "--json"],
    { cwd: copy.directory, encoding: "utf8", env: environment },
  );
  git("checkout", "-q", "--", ".");
  return JSON.parse(out.slice(out.indexOf("["))) as string[];
}

test("a stack file touches the program, the tests of the whole, and no library", () => {
  const affected = affectedBy("stacks/Pulumi.local.yaml");
  expect(affected).toEqual(expect.arrayContaining(["infra", "cli", "e2e-pipeline"]));
  expect(affected).not.toEqual(expect.arrayContaining(["events"]));
  expect(affected).not.toContain("producer");
});

test("a SQL file touches migrations and what stands on it, and nothing beside it", () => {
  const [file = ""] = readdirSync(join(copy.directory, "packages/migrations/sql"));
  const affected = affectedBy(`packages/migrations/sql/${file}`);
  expect(affected).toEqual(expect.arrayContaining(["migrations", "infra", "cli", "e2e-pipeline"]));
  expect(affected).not.toContain("producer");
  expect(affected).not.toContain("local-redshift");
});
