import Type, { type Static } from "typebox";
import { CASE_NOTES, insteadHere } from "./case-notes.ts";
import { readSubjects } from "./read-subjects.ts";

const Members = Type.Record(Type.String(), Type.Unknown());

/** What an API answers: members of the answer, or an error. */
const Outcome = {
  /** Members that the answer has; others may be there too. Texts that begin with `$` stand for values: see `match.ts`. */
  output: Type.Optional(Members),
  error: Type.Optional(
    Type.Object(
      { name: Type.String(), message: Type.Optional(Type.String()), status: Type.Optional(Type.Number()) },
      { additionalProperties: false },
    ),
  ),
};

/** A call and what it answers, or a step of the clock. */
const Call = Type.Union([
  Type.Object(
    {
      call: Type.String(),
      /** `$name` in a text is replaced by what was saved under that name; `$secret` is the ARN of the admin's secret. */
      input: Type.Optional(Members),
      ...Outcome,
      /** Calls again until the answer has these members. */
      until: Type.Optional(Members),
      /** Keeps members of the answer, by path, under names. */
      save: Type.Optional(Type.Record(Type.String(), Type.String())),
    },
    { additionalProperties: false },
  ),
  Type.Object({ advanceSeconds: Type.Number() }, { additionalProperties: false }),
]);
export type ApiCall = Static<typeof Call>;

const Case = Type.Object(
  {
    title: Type.String(),
    calls: Type.Array(Call, { minItems: 1 }),
    ...CASE_NOTES,
    /** What the last call answers here, where that is not what the service does. */
    here: insteadHere(Outcome),
  },
  { additionalProperties: false },
);
export type ApiCase = Static<typeof Case>;

export const API_KINDS = ["Data API", "control plane"] as const;

const File = Type.Object(
  {
    /** An operation, or a matter that no operation owns. */
    about: Type.String(),
    kind: Type.Enum([...API_KINDS]),
    /** The document that its expectations come from: `MG x` is a page of the Management Guide, `M x` a service model. */
    source: Type.String(),
    options: Type.Optional(
      Type.Object(
        { stateDelayMs: Type.Optional(Type.Number()), requestRates: Type.Optional(Type.Literal("aws")) },
        { additionalProperties: false },
      ),
    ),
    /** In a directory that goes with the case, and not in memory. */
    onDisk: Type.Optional(Type.Literal(true)),
    /** No namespace `events-ns` and workgroup `events-wg` are made first. */
    empty: Type.Optional(Type.Literal(true)),
    cases: Type.Array(Case, { minItems: 1 }),
  },
  { additionalProperties: false },
);

/** One subject with its cases; each case has a Redshift of its own. */
export interface ApiFile extends Static<typeof File> {
  readonly path: string;
}

/** Reads every file below a folder. Throws an error that names file and place for one that is not of the form. */
export function readApiConformance(folder: string): Promise<readonly ApiFile[]> {
  return readSubjects(folder, File);
}
