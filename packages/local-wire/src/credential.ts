import { WireError } from "./wire-error.ts";

/** Who signs a request, as its SigV4 credential scope says. */
export interface Credential {
  readonly accessKeyId: string;
  readonly region: string;
}

/** A part of a request, `undefined` if it is not there. Names of headers are in lower case. */
export type ReadHeader = (name: string) => string | undefined;

/**
 * Reads the credential of an `Authorization` header or of a presigned query. Its form is checked as AWS checks it; the
 * signature itself is not: everything here is loopback and the only key is a fixed word.
 *
 * Throws `MissingAuthenticationTokenException`, `IncompleteSignatureException` or `InvalidSignatureException`. Texts as
 * recorded by kinesalite's tests (run against AWS); that of a malformed scope as noted in dynalite.
 */
export function readCredential(header: ReadHeader, query: URLSearchParams | undefined): Credential {
  const authorization = header("authorization");
  const isPresigned = query?.has("X-Amz-Algorithm") ?? false;
  if (authorization && isPresigned) {
    throw new WireError(
      "InvalidSignatureException",
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  }
  if (authorization) return parseScope(readAuthorization(authorization, header));
  if (query && isPresigned) return parseScope(readPresigned(query));
  throw new WireError("MissingAuthenticationTokenException", "Missing Authentication Token");
}

const SIGNED_HEADER = /[ ,](Credential|Signature|SignedHeaders)=([^, ]+)/g;
const SIGNED_QUERY = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"];

function readAuthorization(authorization: string, header: ReadHeader): string {
  const parts = new Map<string, string>();
  for (const [, name = "", value = ""] of authorization.matchAll(SIGNED_HEADER)) parts.set(name, value);
  const missing = ["Credential", "Signature", "SignedHeaders"]
    .filter((name) => !parts.has(name))
    .map((name) => `Authorization header requires '${name}' parameter. `);
  if (header("x-amz-date") === undefined && header("date") === undefined) {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
  }
  if (missing.length > 0) throw incomplete(`${missing.join("")}Authorization=${authorization}`);
  return parts.get("Credential") as string;
}

function readPresigned(query: URLSearchParams): string {
  const missing = SIGNED_QUERY.filter((name) => !query.get(name)).map(
    (name) => `AWS query-string parameters must include '${name}'. `,
  );
  if (missing.length > 0) throw incomplete(`${missing.join("")}Re-examine the query-string parameters.`);
  return query.get("X-Amz-Credential") as string;
}

function parseScope(credential: string): Credential {
  const elements = credential.split("/");
  const [accessKeyId, , region] = elements;
  if (elements.length === 5 && accessKeyId && region) return { accessKeyId, region };
  throw incomplete(
    `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
  );
}

function incomplete(message: string): WireError {
  return new WireError("IncompleteSignatureException", message);
}
