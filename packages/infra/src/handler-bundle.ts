import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";

/** The producer's handler for AWS Lambda, in the workspace. */
const producerEntry = createRequire(import.meta.url).resolve("@millrace/producer");
const handlerSource = join(dirname(producerEntry), "lambda", "handler.ts");
const workspace = join(import.meta.dirname, "..", "..", "..");

/**
 * Bundles the producer's Lambda handler into one ECMAScript module that exports `handler`.
 *
 * The same sources give the same text on every machine: paths in it are relative to the workspace, nothing is
 * minified, no time and no tsconfig goes in. Throws esbuild's error, which names file and line.
 */
export async function bundleHandler(source: string = handlerSource): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [source],
    absWorkingDir: workspace,
    bundle: true,
    write: false,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    // CommonJS packages inside call require() for Node's own modules.
    banner: { js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);' },
    tsconfigRaw: {},
    legalComments: "none",
    charset: "utf8",
    sourcemap: false,
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild made no file of ${source}`);
  return file.text;
}
