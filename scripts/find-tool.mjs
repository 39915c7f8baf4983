// Prints where a tool was found and its size and date, so that Nx sees it come, go or change. Prints "absent" otherwise.
import { statSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = { pulumi: ["pulumi"], chromium: ["chromium", "chromium-browser", "google-chrome"] }[
  process.argv[2] ?? ""
];
if (!names) throw new Error(`find-tool takes "pulumi" or "chromium", got ${JSON.stringify(process.argv[2])}`);
const found = (process.env.PATH ?? "").split(delimiter).flatMap((directory) =>
  names.flatMap((name) => {
    const path = join(directory, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() ? [`${path} ${stat.size} ${stat.mtimeMs}`] : [];
  }),
);
console.log(found[0] ?? "absent");
