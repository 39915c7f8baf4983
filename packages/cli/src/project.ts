import { fileURLToPath } from "node:url";
import { join, resolve } from "node:path";

/** The checkout this command belongs to: the folder with `Pulumi.yaml`, `stacks` and `packages`. */
export const projectDirectory: string = fileURLToPath(new URL("../../../", import.meta.url));

/** Everything this machine keeps; git ignores it. `MILLRACE_DIRECTORY` moves it, for a second copy beside the first. */
const dataDirectory = resolve(process.env["MILLRACE_DIRECTORY"] || join(projectDirectory, ".millrace"));

/** Where `npm start` keeps the local cloud's data, its state and its `running.json`. */
export const localDirectory: string = join(dataDirectory, "local");

/** The same for the local stage under the Pulumi CLI's engine; the two never share a folder. */
export const localPulumiDirectory: string = join(dataDirectory, "local-pulumi");
