import { describe, it, onTestFinished } from "vitest";
import { CONTRACTS } from "../testing/contract/index.ts";
import { startTarget } from "../testing/contract/target.ts";
import type { HttpVersion } from "../testing/contract/target.ts";

for (const { about, cases, overHttp2 } of CONTRACTS) {
  const versions: readonly HttpVersion[] = overHttp2 ? ["HTTP/1.1", "HTTP/2"] : ["HTTP/1.1"];
  describe.each(versions)(`${about} over %s`, (http) => {
    for (const { title, options, run } of cases) {
      it(title, async () => {
        const [target, stop] = await startTarget(options, http);
        onTestFinished(stop);
        await run(target);
      });
    }
  });
}
