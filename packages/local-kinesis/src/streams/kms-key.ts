import { WireError } from "@millrace/local-wire";
import { invalidArgument } from "../errors.ts";

const KEY = "(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";
const ALIAS = "alias/[a-zA-Z0-9/_-]+";
const KEY_ID = new RegExp(`^(?:${KEY}|${ALIAS}|arn:aws[^:]*:kms:[^:]+:\\d{12}:(?:key/${KEY}|${ALIAS}))$`);

/** A key as an input names it. */
export interface KeyInput {
  readonly EncryptionType: "KMS" | "NONE";
  readonly KeyId: string;
}

/**
 * Throws `InvalidArgumentException` unless the type is KMS, the only one there is, and `KMSNotFoundException` for what is no id,
 * alias or ARN of a key. There is no KMS here, so every well-formed one is taken. The second text is that of KMS itself;
 * what Kinesis makes of it is not confirmed, nor is the first.
 */
export function checkKey({ EncryptionType: type, KeyId: keyId }: KeyInput): void {
  if (type !== "KMS") throw invalidArgument(`EncryptionType ${type} is not supported. The only valid value is KMS.`);
  if (!KEY_ID.test(keyId)) throw new WireError("KMSNotFoundException", `Invalid keyId '${keyId}'`);
}
