/** Who signs a request, as its SigV4 credential scope says. */
export interface Credential {
  readonly accessKeyId: string;
  readonly region: string;
}

const HEADER_CREDENTIAL = /^AWS4-[A-Z0-9-]+ .*?Credential=([^/,\s]+)\/\d+\/([^/,\s]+)\//;

/**
 * Reads the credential of an `Authorization` header or of a presigned query, `undefined` if there is none. The
 * signature itself is not checked: everything here is loopback and the only key is a fixed word.
 */
export function readCredential(
  authorization: string | undefined,
  query: URLSearchParams | undefined,
): Credential | undefined {
  const match = authorization === undefined ? undefined : HEADER_CREDENTIAL.exec(authorization);
  if (match) return { accessKeyId: match[1] ?? "", region: match[2] ?? "" };
  const [accessKeyId, , region] = query?.get("X-Amz-Credential")?.split("/") ?? [];
  return accessKeyId && region ? { accessKeyId, region } : undefined;
}
