import { idMalformed } from "./errors.ts";

const pattern = /^([a-z0-9]{8}(?:-[a-z0-9]{4}){3}-[a-z0-9]{12})(?::(\d{1,2}))?$/;

/** A statement's id, and the number of one of its parts, from 1. */
export interface StatementId {
  readonly id: string;
  readonly partNumber?: number;
}

/** Reads `<uuid>` or `<uuid>:n`; throws the service's ValidationException for any other text. */
export function parseStatementId(text: string): StatementId {
  const match = pattern.exec(text);
  if (!match?.[1]) throw idMalformed();
  return match[2] === undefined ? { id: match[1] } : { id: match[1], partNumber: Number(match[2]) };
}
