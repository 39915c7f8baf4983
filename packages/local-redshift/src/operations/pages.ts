/**
 * One page of a list. The token says where the next page starts; `undefined` means there is none.
 * Throws what `refuse` gives when the token is not one of ours.
 */
export function takePage<T>(
  items: readonly T[],
  options: { readonly token: string | undefined; readonly size: number; refuse(): Error },
): { readonly items: readonly T[]; readonly nextToken: string | undefined } {
  const start = options.token === undefined ? 0 : readToken(options.token);
  if (start === undefined || start > items.length) throw options.refuse();
  const end = start + options.size;
  return { items: items.slice(start, end), nextToken: end < items.length ? writeToken(end) : undefined };
}

/** An opaque token that stands for a position. */
export function writeToken(position: number): string {
  return Buffer.from(`millrace:${position}`).toString("base64url");
}

/** The position of a token made by {@link writeToken}, or `undefined` for any other text. */
export function readToken(token: string): number | undefined {
  const match = /^millrace:(\d{1,15})$/.exec(Buffer.from(token, "base64url").toString());
  return match ? Number(match[1]) : undefined;
}
