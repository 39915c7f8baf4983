import { isIPv4 } from "node:net";
import { WireError } from "./wire-error.ts";

/**
 * Throws `AccessDeniedException`, status 403, for what a web page in a browser of this machine may send here: a `Host` (or
 * `:authority`) of another name, which is how a page whose own name was made to resolve to 127.0.0.1 shows (DNS rebinding), or a
 * mark that browsers alone put on requests of a page (`Origin`, `Sec-Fetch-Site`). AWS SDKs and command lines send the host of their endpoint and
 * neither mark. Names below `localhost` are taken, for SDKs that put a prefix before the host: they never leave the machine (RFC 6761).
 */
export function refuseForeignCaller(header: (name: string) => string | undefined): void {
  const hosts = [header(":authority"), header("host")].filter((host) => host !== undefined);
  const foreign = hosts.length === 0 ? "none" : hosts.find((host) => !isLoopbackHost(host));
  if (foreign !== undefined) {
    throw refusal(`it was called as ${JSON.stringify(foreign)}; call it as 127.0.0.1 or localhost`);
  }
  const site = header("sec-fetch-site");
  if (header("origin") !== undefined || (site !== undefined && site !== "none")) {
    throw refusal("it was called by a web page; call it from a program");
  }
}

function refusal(reason: string): WireError {
  return new WireError(
    "AccessDeniedException",
    `This is Millrace's local cloud, which answers programs on this machine only, and ${reason}.`,
    { status: 403 },
  );
}

function isLoopbackHost(host: string): boolean {
  const name = /^(\[[^\]]*\]|[^:]*)(?::\d{1,5})?$/.exec(host.trim().toLowerCase())?.[1];
  if (name === undefined) return false;
  return /^(.+\.)?localhost$/.test(name) || name === "[::1]" || (isIPv4(name) && name.startsWith("127."));
}
