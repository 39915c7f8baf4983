import * as serverless from "@aws-sdk/client-redshift-serverless";
import { serverlessOperations } from "../../src/serverless/service.ts";
import { deniedViews, unbuiltViews } from "../../src/database/system-views/unbuilt-views.ts";
import { unbuiltFunctions } from "../../src/sql/functions/unbuilt.ts";
import { API_KINDS, type ApiCase, type ApiFile } from "./api-file.ts";
import { KINDS, titleOf, type ConformanceCase, type ConformanceFile } from "./conformance-file.ts";

/** How a case, or a subject by the worst of its cases, compares with Redshift. */
const HOWS = ["exact", "close", "different", "missing"] as const;
type How = (typeof HOWS)[number];

const INTRODUCTION = `# How the local Redshift compares with AWS

Each line below stands for cases in \`packages/local-redshift/conformance\`: SQL or calls of the API, what Redshift gives for them, and the document that says so. They run against the
local database in \`npm test\`. *exact*: every case is as its document says. *close*: built, with a text or a detail that no document confirms. *different*: gives
another answer, and the case says which. *missing*: refused with an error that names what is not built. A line has the worst of its cases. None of it has run against
AWS itself. \`DG x\` is the page \`docs.aws.amazon.com/redshift/latest/dg/x.html\` of the Database Developer Guide, \`MG x\` one of the Management Guide.

This page is written by \`packages/local-redshift/src/conformance.int.test.ts\` (\`vitest run -u\`) at the end of the run that shows the cases: one that did not hold
appears as **does not hold**, so this page differs from the run and \`npm test\` fails.
`;

/** A subject after its cases have run. */
export type ShownFile = (ConformanceFile | ApiFile) & { readonly held: ReadonlySet<AnyCase> };
type AnyCase = ConformanceCase | ApiCase;

/** The tables as Markdown. */
export function renderDocument(files: readonly ShownFile[]): string {
  const cases = files.flatMap((file) =>
    (file.cases as readonly AnyCase[]).map((one) => ({ file, one, how: howOf(one, file) })),
  );
  const count = (wanted: How) => cases.filter(({ how }) => how === wanted).length;
  const asDocumented = count("exact") + count("close");
  const share = ((asDocumented / cases.length) * 100).toFixed(1);
  const summary = table(
    ["", "cases"],
    [
      ...HOWS.map((how) => [`*${how}*`, String(count(how))]),
      ["together", String(cases.length)],
      ["as documented", `${asDocumented} (${share} %)`],
      ["functions refused as not built, beside the cases", String(unbuiltFunctions.size)],
    ],
  );
  const apart = cases
    .filter(({ how }) => how !== "exact" && how !== "close")
    .map(({ file, one, how }) => [
      file.about,
      code(titleOf(one)),
      how ?? "**does not hold**",
      one.note ?? code(refusalOf(one)),
    ]);
  return [
    INTRODUCTION,
    summary,
    `## Not as documented\n\n${table(["about", "case", "how", "why, or the error"], apart)}`,
    ...[...KINDS, ...API_KINDS].map((kind) => renderKind(kind, files)),
    `## Operations of Redshift Serverless that are not built\n\nEach is answered with \`UnknownOperationException\`. Of the Data API all are built.\n\n${missingOperations.map(code).join(", ")}\n`,
    `## Functions that are not built\n\nEach is refused with \`function … is not built in the local Redshift\`.\n\n${[...unbuiltFunctions].toSorted().map(code).join(", ")}\n`,
    `## System views that are not built\n\nEach is refused with \`the system view … is not built in the local Redshift\`.\n\n${[...unbuiltViews].toSorted().map(code).join(", ")}\n`,
    `## System views that Serverless denies\n\nEach is refused with \`permission denied for relation …\`.\n\n${[...deniedViews].toSorted().map(code).join(", ")}\n`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

const missingOperations = Object.keys(serverless)
  .filter((name) => /^[A-Z]\w+Command$/.test(name))
  .map((name) => name.replace(/Command$/, ""))
  .filter((name) => !Object.hasOwn(serverlessOperations, name))
  .toSorted();

function renderKind(kind: string, files: readonly ShownFile[]): string {
  const own = files.filter((file) => file.kind === kind).toSorted((a, b) => (a.about < b.about ? -1 : 1));
  if (own.length === 0) return "";
  const rows = own.map((file) => {
    const hows = (file.cases as readonly AnyCase[]).map((one) => howOf(one, file));
    const worst = HOWS.findLast((how) => hows.includes(how));
    const notes = [file, ...(file.cases as readonly AnyCase[])].flatMap((one) =>
      "note" in one && one.note !== undefined ? [one.note] : [],
    );
    const sources = [
      ...new Set([file.source, ...(file.cases as readonly AnyCase[]).flatMap((one) => one.source ?? [])]),
    ];
    return [
      file.about,
      hows.includes(undefined) ? "**does not hold**" : worst!,
      String(file.cases.length),
      sources.join("; "),
      [...new Set(notes)].join("; "),
    ];
  });
  const heading = ["SUPER", "streaming", "Data API", "control plane"].includes(kind) ? kind : `${kind}s`;
  return `## ${heading[0]!.toUpperCase()}${heading.slice(1)}\n\n${table(["about", "how", "cases", "source", "notes"], rows)}`;
}

function refusalOf({ here }: AnyCase): string {
  if (here === undefined) return "";
  const error = here.error ?? ("errorWith" in here ? here.errorWith : undefined) ?? "";
  return typeof error === "string" ? error : (error.message ?? error.name);
}

/** `undefined` for a case that did not hold. */
function howOf(one: AnyCase, file: ShownFile): How | undefined {
  if (!file.held.has(one)) return undefined;
  return one.here?.how ?? one.fidelity ?? ("fidelity" in file ? file.fidelity : undefined) ?? "exact";
}

const code = (text: string) => `\`${text.replaceAll(/\s+/g, " ").replaceAll("`", "'")}\``;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}
