import { testInstalledPackage } from "@millrace/local-wire/testing/test-installed-package";
import { describe, expect, it } from "vitest";
import { spawnAndFillView } from "../testing/fill-view.ts";

describe("the package, packed and installed in an empty folder", () => {
  const installed = testInstalledPackage(
    "local-redshift",
    `import { startLocalRedshift, type LocalRedshift } from "@millrace/local-redshift";
     const redshift: LocalRedshift = await startLocalRedshift({ workgroup: "events-wg" });
     await redshift.close();
     // @ts-expect-error: a port is a number.
     await startLocalRedshift({ port: "4568" });`,
  );

  it("runs its command, which fills a view from a Kinesis and ends by a signal", async () => {
    const command = await spawnAndFillView(installed.spawn);
    command.kill("SIGTERM");
    const { status, stderr } = await command.ended;
    expect(status).toBe(0);
    // AWS's SDK announces the end of its support for an old Node; nothing else is said.
    expect(stderr).toMatch(/^$|NodeVersionSupportWarning/);
  });
});
