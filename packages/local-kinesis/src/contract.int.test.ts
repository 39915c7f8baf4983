import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Contract, ContractCase } from "../testing/contract/contract.ts";
import { renderDocument } from "../testing/contract/document.ts";
import { CONTRACTS } from "../testing/contract/index.ts";
import { findBuilt } from "../testing/contract/operations.ts";
import { startTarget } from "../testing/contract/target.ts";
import type { HttpVersion } from "../testing/contract/target.ts";

const DOCUMENT = join(import.meta.dirname, "../../../docs/local-kinesis.md");
/** How often each case has held. */
const held = new Map<ContractCase, number>();
/** The operations that were answered with success in some case. */
const answered = new Set<string>();

for (const contract of CONTRACTS) {
  describe.each(versionsOf(contract))(`${contract.about} over %s`, (http) => {
    for (const one of contract.cases) {
      it(one.title, async () => {
        const [target, stop] = await startTarget(one.options, http);
        onTestFinished(stop);
        await one.run(target);
        held.set(one, (held.get(one) ?? 0) + 1);
        for (const operation of target.answered) answered.add(operation);
      });
    }
  });
}

describe("the contracts", () => {
  const find = async () => {
    const [target, stop] = await startTarget();
    onTestFinished(stop);
    return findBuilt(target);
  };

  it("let every operation that is built succeed", async () => {
    expect((await find()).filter((operation) => !answered.has(operation))).toEqual([]);
  });

  it("hold, and docs/local-kinesis.md says so", async () => {
    const shown = CONTRACTS.map((contract) => ({
      ...contract,
      cases: contract.cases.map((one) => ({ ...one, holds: held.get(one) === versionsOf(contract).length })),
    }));
    await expect(renderDocument(shown, await find())).toMatchFileSnapshot(DOCUMENT);
  });
});

function versionsOf({ overHttp2 }: Contract): readonly HttpVersion[] {
  return overHttp2 ? ["HTTP/1.1", "HTTP/2"] : ["HTTP/1.1"];
}
