import type { Contract, ContractCase, Fidelity } from "./contract.ts";
import { MISSING } from "./missing.ts";
import { OPERATIONS } from "./operations.ts";

const INTRODUCTION = `# How the local Kinesis compares with AWS

Each line below is a case of the contract suite (\`packages/local-kinesis/testing/contract\`), which runs against the endpoint through the AWS SDK and through
requests by hand. *exact*: as AWS answers, down to the text, and the source that says so. *close*: built, with what is not confirmed. *different*: not as AWS, and
how AWS is. *missing*: not here. None of it has run against AWS itself: the sources are AWS's documents and what others recorded there, first of all the tests of
kinesalite (mhart/kinesalite), which its author ran against AWS.

This page is written by \`packages/local-kinesis/src/contract.int.test.ts\` (\`vitest run -u\`) at the end of the run that shows the cases: one that did not hold
appears as **does not hold**, so this page differs from the run and \`npm test\` fails. Operations of the SDK's client that the endpoint does not know are found by
asking it for each; that each one it knows succeeds in some case is a test too.
`;

/** A contract after its cases have run. */
export interface ShownContract extends Contract {
  readonly cases: readonly (ContractCase & { readonly holds: boolean })[];
}

/** The table of exactness as Markdown. */
export function renderDocument(contracts: readonly ShownContract[], built: readonly string[]): string {
  const held = contracts.flatMap(({ cases }) => cases).filter(({ holds }) => holds);
  const count = (wanted: Fidelity): number => held.filter(({ fidelity }) => fidelity === wanted).length;
  const notBuilt = OPERATIONS.filter((operation) => !built.includes(operation));
  const summary = renderTable(
    ["", "number"],
    [
      ["operations of the SDK's client", String(OPERATIONS.length)],
      ["of these built", String(OPERATIONS.length - notBuilt.length)],
      ["cases *exact*", String(count("exact"))],
      ["cases *close*", String(count("close"))],
      ["cases *different*", String(count("different"))],
      ["*missing* operations and matters", String(notBuilt.length + MISSING.length)],
    ],
  );
  const sections = contracts.map(({ about, cases }) => {
    const rows = cases.map(({ title, holds, fidelity, note }) => [title, holds ? fidelity : "**does not hold**", note]);
    return `## ${about}\n\n${renderTable(["what", "how", "source or note"], rows)}`;
  });
  const missing = renderTable(
    ["missing", "instead"],
    [
      ...notBuilt.map((operation) => [`\`${operation}\``, "answered with `UnknownOperationException`"]),
      ...MISSING.map(({ what, instead }) => [what, instead]),
    ],
  );
  return [INTRODUCTION, summary, ...sections, `## Missing\n\n${missing}`].join("\n");
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}
