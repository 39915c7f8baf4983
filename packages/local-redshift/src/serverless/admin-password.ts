import { randomBytes, randomInt, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(scrypt) as (password: string, salt: Buffer, length: number) => Promise<Buffer>;
const hashBytes = 32;
const generatedLength = 32;
const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const digits = "0123456789";
const punctuation = "!#$%&()*+,-.:;<=>?[]^_`{|}~";

/** What is kept of a given password; base64. */
export interface PasswordHash {
  readonly salt: string;
  readonly hash: string;
}

/** Hashes a password with a salt of its own. */
export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  return { salt: salt.toString("base64"), hash: (await derive(password, salt, hashBytes)).toString("base64") };
}

/** Whether the password is the one that was hashed. */
export async function matchesPassword(password: string, kept: PasswordHash): Promise<boolean> {
  const hash = await derive(password, Buffer.from(kept.salt, "base64"), hashBytes);
  return timingSafeEqual(hash, Buffer.from(kept.hash, "base64"));
}

/**
 * Why AWS would refuse the password, or `undefined`: 8 to 64 printable ASCII characters with a lower-case letter, an upper-case
 * letter and a digit; no space, `"`, `'`, `/`, `@` or `\`. Source: the service model of redshift-serverless, DbPassword.
 */
export function findPasswordProblem(password: string): string | undefined {
  if (password.length < 8 || password.length > 64) return "must have 8 to 64 characters";
  if (!/^[\x21-\x7e]+$/.test(password)) return "must be printable ASCII characters without spaces";
  if (/["'/@\\]/.test(password)) return `must not contain ", ', /, @ or \\`;
  if (!/[a-z]/.test(password)) return "must contain a lower-case letter";
  if (!/[A-Z]/.test(password)) return "must contain an upper-case letter";
  if (!/[0-9]/.test(password)) return "must contain a digit";
  return undefined;
}

/** A random password of 32 characters that AWS would accept. */
export function generatePassword(): string {
  const alphabet = lower + upper + digits + punctuation;
  const characters = [pick(lower), pick(upper), pick(digits)];
  while (characters.length < generatedLength) characters.push(pick(alphabet));
  for (let last = characters.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [characters[last], characters[other]] = [characters[other] ?? "", characters[last] ?? ""];
  }
  return characters.join("");
}

function pick(alphabet: string): string {
  return alphabet.charAt(randomInt(alphabet.length));
}
