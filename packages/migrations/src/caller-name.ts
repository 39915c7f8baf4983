import { hostname, userInfo } from "node:os";

/** Who runs migrations, for the ledger: `user@host`. */
export const callerName = (): string => `${userName()}@${hostname()}`;

/** A process without an entry in the password file has no name (containers). */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
