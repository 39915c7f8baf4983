import Type, { type Static } from "typebox";
import { CASE_NOTES, insteadHere } from "./case-notes.ts";
import { readSubjects } from "./read-subjects.ts";

const Cell = Type.Union([Type.Null(), Type.Boolean(), Type.Number(), Type.String()]);

/** What a statement gives. Exactly one of `rows`, `error`, `errorWith`, `count` and `done`; `names` and `types` go with `rows`. */
const Outcome = {
  /** Rows with the Data API's values: decimals, dates and SUPER as text. In the order given, unless `unordered`. */
  rows: Type.Optional(Type.Array(Type.Array(Cell))),
  unordered: Type.Optional(Type.Literal(true)),
  /** Names of the result's columns. */
  names: Type.Optional(Type.Array(Type.String())),
  /** Redshift's names of their types: `int4`, `varchar` … */
  types: Type.Optional(Type.Array(Type.String())),
  /** The whole message. */
  error: Type.Optional(Type.String()),
  /** A part of the message, where the source has no more. */
  errorWith: Type.Optional(Type.String()),
  /** Rows that the statement changed. */
  count: Type.Optional(Type.Number()),
  /** It works; what it did a later step shows. */
  done: Type.Optional(Type.Literal(true)),
};

/** A statement and what it gives. */
const Step = Type.Object(
  {
    sql: Type.String(),
    /** A user of the database, made before by `CREATE USER`; default the superuser `admin`. */
    as: Type.Optional(Type.String()),
    /** A session of its own by this name, kept through the case; default the case's only one. */
    session: Type.Optional(Type.String()),
    parameters: Type.Optional(Type.Record(Type.String(), Type.String())),
    ...Outcome,
  },
  { additionalProperties: false },
);
export type ConformanceStep = Static<typeof Step>;

/** What happens to a stream between statements. The stream's one shard has the id `shardId-000000000000`. */
const StreamStep = Type.Object(
  {
    stream: Type.String(),
    /** Records in their order: a text each, or so many zero bytes. */
    put: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Object({ bytes: Type.Number() }, { additionalProperties: false })])),
    ),
    /** The shard that the records go to, where it is not the first. */
    shard: Type.Optional(Type.String()),
    /** Closes the first shard; these take the records that come after. */
    splitInto: Type.Optional(Type.Array(Type.String())),
  },
  { additionalProperties: false },
);
export type ConformanceStreamStep = Static<typeof StreamStep>;

const Case = Type.Object(
  {
    /** What the case shows; default its SQL. */
    title: Type.Optional(Type.String()),
    /** Statements that have to work before, run by the superuser. */
    setup: Type.Optional(Type.Array(Type.String())),
    /** Several statements, in one case; or one, written into the case itself. */
    steps: Type.Optional(Type.Array(Type.Union([Step, StreamStep]))),
    sql: Type.Optional(Type.String()),
    as: Type.Optional(Type.String()),
    parameters: Type.Optional(Type.Record(Type.String(), Type.String())),
    ...Outcome,
    ...CASE_NOTES,
    /**
     * The expectation is what Redshift does; this is what happens here instead, in the last step. With `missing` the error has to name the
     * feature as not built; with `different` the `note` says why.
     */
    here: insteadHere(Outcome),
  },
  { additionalProperties: false },
);
export type ConformanceCase = Static<typeof Case>;

/** What a file is about, and so in which table its line stands. */
export const KINDS = [
  "statement",
  "expression",
  "type",
  "function",
  "SUPER",
  "streaming",
  "transaction",
  "permission",
  "setting",
  "system view",
] as const;

const File = Type.Object(
  {
    /** A function, statement, view or matter: one line of the table. */
    about: Type.String(),
    kind: Type.Enum([...KINDS]),
    /** The document that its expectations come from: `DG r_DATEADD_function` is a page of Redshift's Database Developer Guide. */
    source: Type.String(),
    /** Streams that there are, empty at first, of one shard each. */
    streams: Type.Optional(Type.Array(Type.String())),
    /** What cases are that say nothing else: `close` with a note, when for example the page itself was not at hand. */
    fidelity: CASE_NOTES.fidelity,
    note: CASE_NOTES.note,
    /** Every case has a database of its own; default the file has one. */
    fresh: Type.Optional(Type.Literal(true)),
    /** Statements that are run first, in each database. */
    setup: Type.Optional(Type.Array(Type.String())),
    cases: Type.Array(Case, { minItems: 1 }),
  },
  { additionalProperties: false },
);

/** One subject with its cases. */
export interface ConformanceFile extends Static<typeof File> {
  /** Path below `conformance/`. */
  readonly path: string;
}

/** Reads every file below a folder but those about the API. Throws an error that names file and place for one that is not of the form. */
export async function readConformance(folder: string): Promise<readonly ConformanceFile[]> {
  const files = await readSubjects(folder, File, (path) => !path.startsWith("api/"));
  for (const file of files) check(file);
  return files;
}

function check(file: ConformanceFile): void {
  for (const [index, one] of file.cases.entries()) {
    const place = `${file.path}, case ${index + 1} (${titleOf(one)})`;
    if ((one.sql === undefined) === (one.steps === undefined))
      throw new Error(`${place}: has to have either sql or steps`);
    for (const step of [...stepsOf(one).filter(isStatement), ...(one.here === undefined ? [] : [one.here])])
      if (outcomesOf(step) !== 1)
        throw new Error(`${place}: needs exactly one of rows, error, errorWith, count and done`);
    if ((one.fidelity === "close" || one.here?.how === "different") && one.note === undefined)
      throw new Error(`${place}: needs a note that says what is not confirmed or what differs`);
  }
}

function outcomesOf(outcome: Partial<ConformanceStep>): number {
  const { rows, error, errorWith, count, done } = outcome;
  return [rows, error, errorWith, count, done].filter((part) => part !== undefined).length;
}

export function titleOf(one: ConformanceCase | { readonly title: string }): string {
  if (one.title !== undefined) return one.title;
  const texts = stepsOf(one as ConformanceCase).map((step) =>
    isStatement(step) ? step.sql : `(stream ${step.stream})`,
  );
  return texts.join("; ");
}

/** Whether a step is a statement, and not something that happens to a stream. */
export const isStatement = (step: ConformanceStep | ConformanceStreamStep): step is ConformanceStep => "sql" in step;

/** The steps of a case, setup apart. */
export function stepsOf(one: ConformanceCase): readonly (ConformanceStep | ConformanceStreamStep)[] {
  if (one.steps !== undefined) return one.steps;
  const step: Record<string, unknown> = { ...one };
  for (const part of partsOfCase) delete step[part];
  return [step as ConformanceStep];
}

/** What a case has beside its one statement. */
const partsOfCase = ["title", "setup", "steps", "source", "fidelity", "note", "here"] as const;
