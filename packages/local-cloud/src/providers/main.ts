import { isLocalPackage, localPackages, serveLocalProvider } from "./serve-provider.ts";

const [packageName] = process.argv.slice(2);
if (!isLocalPackage(packageName)) {
  console.error(`A local provider is started for ${localPackages.join(" or ")}, got ${packageName ?? "nothing"}`);
  process.exit(2);
}
const { port } = await serveLocalProvider(packageName, process.env);
// The first line on standard output is the port: how every engine finds its plugins.
process.stdout.write(`${port}\n`);
