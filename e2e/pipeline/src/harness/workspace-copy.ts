import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout the tests belong to. */
export const workspaceDirectory: string = fileURLToPath(new URL("../../../../", import.meta.url));

/** A copy of the workspace that a test may change. */
export interface WorkspaceCopy {
  readonly directory: string;
  remove(): void;
}

/**
 * Copies what git knows or would know of the workspace into a folder of its own. Installed libraries are linked, the project's own
 * packages point at the copy, so that what runs there is the copy's code.
 */
export function copyWorkspace(): WorkspaceCopy {
  const directory = mkdtempSync(join(tmpdir(), "millrace-copy-"));
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: workspaceDirectory,
    encoding: "utf8",
  });
  for (const file of files.split("\0").filter((name) => name && existsSync(join(workspaceDirectory, name)))) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(workspaceDirectory, file), join(directory, file));
  }
  linkLibraries(directory);
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

function linkLibraries(directory: string): void {
  const from = join(workspaceDirectory, "node_modules");
  const to = join(directory, "node_modules");
  mkdirSync(join(to, "@millrace"), { recursive: true });
  for (const name of readdirSync(from)) {
    if (name !== "@millrace") symlinkSync(join(from, name), join(to, name));
  }
  for (const name of readdirSync(join(directory, "packages"))) {
    symlinkSync(join(directory, "packages", name), join(to, "@millrace", name));
    // Libraries that npm could not hoist stay beside their package.
    const own = join(workspaceDirectory, "packages", name, "node_modules");
    if (existsSync(own)) symlinkSync(own, join(directory, "packages", name, "node_modules"));
  }
}
