import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { SqlError } from "../../sql/sql-error.ts";

/** What is kept of a password: a digest in hexadecimal, and for SHA-256 its salt. */
export type KeptPassword =
  | { readonly kind: "md5"; readonly digest: string }
  | { readonly kind: "sha256"; readonly digest: string; readonly salt: string };

const saltBytes = 32;

/**
 * What to keep of a password as CREATE USER takes it: clear text of 8 to 64 characters with a small letter, a capital and a digit; `md5`
 * and a digest; `sha256|` and clear text, or `sha256|digest|salt`. Clear text is kept as SHA-256 with a salt of its own.
 * Source of forms and rules: Database Developer Guide, r_CREATE_USER. The texts of the errors are UNCONFIRMED.
 */
export function keepPassword(password: string): KeptPassword {
  if (/^md5[0-9a-f]{32}$/i.test(password)) return { kind: "md5", digest: password.slice(3).toLowerCase() };
  if (!password.startsWith("sha256|")) return hashed(checked(password));
  const [clear = "", salt, ...more] = password.slice("sha256|".length).split("|");
  if (salt === undefined) return hashed(clear);
  if (more.length > 0 || !/^[0-9a-f]{64}$/i.test(clear) || !/^[0-9a-f]{64}$/i.test(salt))
    throw new SqlError("Invalid SHA256 password: sha256|digest|salt with 64 hexadecimal digits each is expected", {
      sqlState: "22023",
    });
  return { kind: "sha256", digest: clear.toLowerCase(), salt: salt.toLowerCase() };
}

/** Whether it is the password of this user. */
export function isPassword(given: string, userName: string, kept: KeptPassword): boolean {
  const digest =
    kept.kind === "md5" ? hash("md5", given + userName) : hash("sha256", given, Buffer.from(kept.salt, "hex"));
  return timingSafeEqual(digest, Buffer.from(kept.digest, "hex"));
}

function hashed(clear: string): KeptPassword {
  const salt = randomBytes(saltBytes);
  return { kind: "sha256", digest: hash("sha256", clear, salt).toString("hex"), salt: salt.toString("hex") };
}

function hash(algorithm: "md5" | "sha256", text: string, salt: Buffer = Buffer.alloc(0)): Buffer {
  return createHash(algorithm).update(text).update(salt).digest();
}

/** The guide's own example `'@AbC4321!'` has a sign that its rules forbid, so only length and letters are checked. */
function checked(password: string): string {
  const refuse = (text: string) => new SqlError(text, { sqlState: "22023" });
  if (password.length < 8) throw refuse("password must be at least 8 characters in length");
  if (password.length > 64) throw refuse("password must be at most 64 characters in length");
  if (!/[A-Z]/.test(password)) throw refuse("password must contain at least one upper-case letter");
  if (!/[a-z]/.test(password)) throw refuse("password must contain at least one lower-case letter");
  if (!/[0-9]/.test(password)) throw refuse("password must contain at least one number");
  return password;
}
