import { isIPv4 } from "node:net";

/**
 * Whether a `Host` header names this machine, on whatever port (a tunnel may have another). A page elsewhere that gets its own name
 * to resolve to 127.0.0.1 (DNS rebinding) is told apart by this.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  if (host === undefined) return false;
  const name = /^(\[[^\]]*\]|[^:]*)(?::\d{1,5})?$/.exec(host.trim().toLowerCase())?.[1];
  if (name === undefined) return false;
  return name === "localhost" || name === "[::1]" || (isIPv4(name) && name.startsWith("127."));
}

/** Whether a request may come from where its headers say: no other site's page, through whatever element or script. */
export function isOwnPage(headers: {
  readonly origin?: string | undefined;
  readonly "sec-fetch-site"?: string;
}): boolean {
  const site = headers["sec-fetch-site"];
  if (site === "cross-site" || site === "same-site") return false;
  if (headers.origin === undefined) return true;
  return URL.canParse(headers.origin) && isLoopbackHost(new URL(headers.origin).host);
}
