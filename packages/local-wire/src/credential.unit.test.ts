import { describe, expect, it } from "vitest";
import { readCredential } from "./credential.ts";

const SCOPE = "key/20250101/eu-west-1/kinesis/aws4_request";

function read(headers: Partial<Record<string, string>>, query?: string) {
  return readCredential((name) => headers[name], query === undefined ? undefined : new URLSearchParams(query));
}

describe("readCredential", () => {
  it.each([
    [`AWS4-HMAC-SHA256 Credential=${SCOPE}, SignedHeaders=host;x-amz-date, Signature=ab`],
    [`AWS4-HMAC-SHA256 Credential=${SCOPE},SignedHeaders=host,Signature=ab`],
    [`AWS4-ECDSA-P256-SHA256 Signature=ab,  SignedHeaders=host Credential=${SCOPE}`],
  ])("reads %s", (authorization) => {
    expect(read({ authorization, date: "x" })).toEqual({ accessKeyId: "key", region: "eu-west-1" });
    expect(read({ authorization, "x-amz-date": "x" })).toEqual({ accessKeyId: "key", region: "eu-west-1" });
  });

  it("reads a presigned query", () => {
    const query = new URLSearchParams({
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": SCOPE,
      "X-Amz-Signature": "ab",
      "X-Amz-SignedHeaders": "host",
      "X-Amz-Date": "20250101T000000Z",
    });
    expect(read({}, query.toString())).toEqual({ accessKeyId: "key", region: "eu-west-1" });
  });

  const header = (name: string) => `Authorization header requires '${name}' parameter. `;
  const date = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  const queryPart = (name: string) => `AWS query-string parameters must include '${name}'. `;
  const both = "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.";
  // Those of a whole table of kinesalite's connection tests, which ran against AWS.
  it.each([
    [{}, undefined, "MissingAuthenticationTokenException", "Missing Authentication Token"],
    [{ authorization: "" }, "", "MissingAuthenticationTokenException", "Missing Authentication Token"],
    [
      {},
      "X-Amz-Credential=a&X-Amz-Signature=b&X-Amz-SignedHeaders=c&X-Amz-Date=d",
      "MissingAuthenticationTokenException",
      "Missing Authentication Token",
    ],
    [{ authorization: "X" }, "X-Amz-Algorithm", "InvalidSignatureException", both],
    [
      { authorization: "X" },
      "X-Amz-Algorith",
      "IncompleteSignatureException",
      `${header("Credential")}${header("Signature")}${header("SignedHeaders")}${date}Authorization=X`,
    ],
    [
      { authorization: "AWS4- Signature=b Credential=a", date: "a" },
      undefined,
      "IncompleteSignatureException",
      `${header("SignedHeaders")}Authorization=AWS4- Signature=b Credential=a`,
    ],
    [
      { authorization: "AWS4- Signature=b, Credential=a", date: "a" },
      undefined,
      "IncompleteSignatureException",
      `${header("SignedHeaders")}Authorization=AWS4- Signature=b, Credential=a`,
    ],
    [
      {},
      "X-Amz-Algorithm",
      "IncompleteSignatureException",
      `${["Algorithm", "Credential", "Signature", "SignedHeaders", "Date"].map((name) => queryPart(`X-Amz-${name}`)).join("")}Re-examine the query-string parameters.`,
    ],
    [
      {},
      "X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Signature=c&X-Amz-Date=d",
      "IncompleteSignatureException",
      `${queryPart("X-Amz-SignedHeaders")}Re-examine the query-string parameters.`,
    ],
    [
      { authorization: "AWS4- Credential=a/b/c/d, SignedHeaders=h, Signature=s", date: "a" },
      undefined,
      "IncompleteSignatureException",
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b/c/d'",
    ],
  ])("refuses %j and %j with %s", (headers, query, type, message) => {
    expect(() => read(headers, query)).toThrow(expect.objectContaining({ type, status: 400, message }) as Error);
  });
});
