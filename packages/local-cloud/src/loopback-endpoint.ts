const loopbackHosts = ["127.0.0.1", "localhost", "[::1]"];

/**
 * The endpoint of the local cloud, checked: plain http on this machine. `where` names the setting it came from.
 * Throws an Error with what was expected, what was got and the cure.
 */
export function parseLoopbackEndpoint(value: string | undefined, where: string): string {
  const url = value ? URL.parse(value) : null;
  if (url && url.protocol === "http:" && loopbackHosts.includes(url.hostname)) return url.origin;
  throw new Error(
    `${where} must be the address of a local cloud on this machine, such as http://127.0.0.1:4566, got ${value ? JSON.stringify(value) : "nothing"}: ` +
      "start the local stage with `npm start`, and take the local providers off PATH for every other stage.",
  );
}
