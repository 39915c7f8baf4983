import type { KinesisContext } from "./context.ts";
import { invalidArgument } from "./errors.ts";

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** What bears tags. */
export interface Tagged {
  readonly name: string;
  readonly tags: Tags;
  /** For error texts, default `stream`. AWS's text for consumers is not confirmed. */
  readonly kind?: "consumer";
}

/** Source: Kinesis API reference, AddTagsToStream. */
const MAX_TAGS = 50;
const ILLEGAL = /[^\u00C0-\u1FFF\u2C00-\uD7FF\w./\-=+_ @%:]/;

/** Tags with others added. Throws `InvalidArgumentException`. */
export function addTags({ accountId }: KinesisContext, { name, tags, kind }: Tagged, added: Tags): Tags {
  checkCharacters([...Object.keys(added), ...Object.values(added)]);
  const all = { ...tags, ...added };
  if (Object.keys(all).length <= MAX_TAGS) return all;
  throw invalidArgument(
    `Failed to add tags to ${kind ?? "stream"} ${name} under account ${accountId} ` +
      `because a given ${kind ?? "stream"} cannot have more than ${MAX_TAGS} tags associated with it.`,
  );
}

/** Tags without those of some keys; keys that are not there are no error. Throws `InvalidArgumentException`. */
export function removeTags({ tags }: Tagged, keys: readonly string[]): Tags {
  checkCharacters(keys);
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}

/** Tags as a list, in order of their keys. */
export function listTags({ tags }: Tagged): { Key: string; Value: string }[] {
  return Object.keys(tags)
    .sort()
    .map((Key) => ({ Key, Value: tags[Key] ?? "" }));
}

function checkCharacters(texts: readonly string[]): void {
  if (!texts.some((text) => ILLEGAL.test(text))) return;
  throw invalidArgument(
    "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.",
  );
}
