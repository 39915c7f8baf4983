import { readdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { expect, test } from "vitest";
import { workspaceDirectory as root } from "../harness/workspace-copy.ts";

// Not imported by name: the lint configuration belongs to no project.
const { boundaries } = (await import(pathToFileURL(join(root, "eslint.config.mjs")).href)) as {
  boundaries: readonly { sourceTag: string; onlyDependOnLibsWithTags: string[] }[];
};

/** The table of CONTRIBUTING.md under "Who may know whom", as tag → allowed tags. */
function readTable(): Record<string, string[]> {
  const text = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
  const section = text.slice(text.indexOf("## Who may know whom"), text.indexOf("## Habits"));
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  return Object.fromEntries(
    rows.map((row) => {
      const [, tag = "", allowed = ""] = row.split("|");
      return [tag.replaceAll("`", "").trim(), parseAllowed(allowed.trim())];
    }),
  );
}

function parseAllowed(text: string): string[] {
  if (text === "nothing") return [];
  if (text === "anything") return ["*"];
  return text.split(",").map((tag) => tag.replaceAll("`", "").trim());
}

test("CONTRIBUTING's table and the lint rule name the same boundaries", () => {
  const rule = Object.fromEntries(boundaries.map((one) => [one.sourceTag, one.onlyDependOnLibsWithTags]));
  expect(readTable()).toEqual(rule);
});

test("every project carries one scope and one type that the rule knows", () => {
  const known = new Set(boundaries.map((one) => one.sourceTag));
  const projects = ["packages", "e2e"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(root, folder, name, "project.json")),
  );
  expect(projects.length).toBeGreaterThan(10);
  for (const path of projects) {
    const { tags } = JSON.parse(readFileSync(path, "utf8")) as { tags: string[] };
    expect(
      tags.filter((tag) => tag.startsWith("scope:") && known.has(tag)),
      path,
    ).toHaveLength(1);
    expect(
      tags.filter((tag) => tag.startsWith("type:") && known.has(tag)),
      path,
    ).toHaveLength(1);
  }
});
