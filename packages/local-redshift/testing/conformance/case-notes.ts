import Type, { type TProperties } from "typebox";

/** What every case may say about itself. */
export const CASE_NOTES = {
  /** Where the expectation comes from, when it is not the file's source. */
  source: Type.Optional(Type.String()),
  /** `close`: a text or a detail of the expectation is in no source; then `note` says which. Default `exact`. */
  fidelity: Type.Optional(Type.Literal("close")),
  note: Type.Optional(Type.String()),
};

/** What a case may say that comes here instead of its expectation, in the form of its outcome. */
export const insteadHere = <Outcome extends TProperties>(outcome: Outcome) =>
  Type.Optional(
    Type.Object(
      { how: Type.Union([Type.Literal("different"), Type.Literal("missing")]), ...outcome },
      { additionalProperties: false },
    ),
  );
