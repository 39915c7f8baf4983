// Pulumi runs this with the node of the user's PATH. Older versions cannot load TypeScript, so say it before they try.
import { RunError } from "@pulumi/pulumi";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  throw new RunError(
    `Millrace's program needs Node 22.18 or newer and met ${process.versions.node}: put a newer node first on PATH.`,
  );
}

const { program } = await import("./src/program.ts");

export default () => program();
