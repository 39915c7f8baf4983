import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** Makes opaque tokens out of small values: shard iterators and page tokens, which hold all there is to know. */
export interface Seal {
  /** `kind` tells tokens of different use apart. */
  close(kind: string, value: unknown): string;
  /** The value, or `undefined` for what this seal did not close, or closed as another kind. */
  open(kind: string, token: string): unknown;
}

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Shard iterators of AWS begin with these bytes. Source: kinesalite. */
const LEAD = Buffer.from("0000000000000001", "hex");

/** Bytes of a key for {@link createSeal}. */
export const SEAL_KEY_BYTES = 32;

/** A seal that holds for as long as its key is kept. */
export function createSeal(key: Buffer): Seal {
  return {
    close(kind, value) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(kind));
      const body = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
      return Buffer.concat([LEAD, nonce, body, cipher.getAuthTag()]).toString("base64");
    },
    open(kind, token) {
      const bytes = Buffer.from(token, "base64");
      const bodyStart = LEAD.length + NONCE_BYTES;
      if (bytes.length < bodyStart + TAG_BYTES || bytes.toString("base64") !== token) return undefined;
      try {
        const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(LEAD.length, bodyStart))
          .setAAD(Buffer.from(kind))
          .setAuthTag(bytes.subarray(-TAG_BYTES));
        const body = Buffer.concat([decipher.update(bytes.subarray(bodyStart, -TAG_BYTES)), decipher.final()]);
        return JSON.parse(body.toString("utf8"));
      } catch {
        return undefined;
      }
    },
  };
}
