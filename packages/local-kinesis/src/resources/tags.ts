import type { KinesisContext } from "../context.ts";
import { invalidArgument } from "../errors.ts";

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** What bears tags. */
export interface Tagged {
  readonly name: string;
  readonly tags: Tags;
  /** For error texts, default `stream`. AWS's texts for the others are not confirmed. */
  readonly kind?: "consumer" | "channel";
}

/** Source: Kinesis API reference, AddTagsToStream. */
const MAX_TAGS = 50;
const INVALID = /[^\u00C0-\u1FFF\u2C00-\uD7FF\w./\-=+_ @%:]/;
/** A character that AWS calls valid and refuses. Source: kinesalite's tests. */
const ILLEGAL = "%";
/** Keys of AWS itself. Source: Kinesis developer guide, tag restrictions. */
const RESERVED_PREFIX = /^aws:/i;

/** Tags with others added. Throws `InvalidArgumentException`. */
export function addTags(context: KinesisContext, tagged: Tagged, added: Tags): Tags {
  const failed = `Failed to add tags to ${identify(context, tagged)} because`;
  checkTexts(failed, [...Object.keys(added), ...Object.values(added)]);
  checkKeys(failed, Object.keys(added));
  const all = { ...tagged.tags, ...added };
  if (Object.keys(all).length <= MAX_TAGS) return all;
  // Recorded on AWS with 10, which was the limit once.
  throw invalidArgument(
    `${failed} a given ${tagged.kind ?? "stream"} cannot have more than ${MAX_TAGS} tags associated with it.`,
  );
}

/** Tags without those of some keys; keys that are not there are no error. Throws `InvalidArgumentException`. */
export function removeTags(context: KinesisContext, tagged: Tagged, keys: readonly string[]): Tags {
  const failed = `Failed to remove tags from ${identify(context, tagged)} because`;
  checkTexts(failed, keys);
  checkKeys(failed, keys);
  return Object.fromEntries(Object.entries(tagged.tags).filter(([key]) => !keys.includes(key)));
}

/** Tags as a list, in order of their keys. */
export function listTags({ tags }: Tagged): { Key: string; Value: string }[] {
  return Object.keys(tags)
    .sort()
    .map((Key) => ({ Key, Value: tags[Key] ?? "" }));
}

function identify({ accountId }: KinesisContext, { name, kind }: Tagged): string {
  return `${kind ?? "stream"} ${name} under account ${accountId}`;
}

function checkTexts(failed: string, texts: readonly string[]): void {
  if (texts.some((text) => INVALID.test(text))) {
    throw invalidArgument(
      "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.",
    );
  }
  if (texts.some((text) => text.includes(ILLEGAL))) {
    throw invalidArgument(
      `${failed} some tags contained illegal characters. The allowed characters are ` +
        "Unicode letters, white-spaces, '_',',','/','=','+','-','@'.",
    );
  }
}

/** That it is this error is not confirmed on AWS. */
function checkKeys(failed: string, keys: readonly string[]): void {
  if (keys.some((key) => RESERVED_PREFIX.test(key))) {
    throw invalidArgument(`${failed} tag keys that begin with aws: are reserved.`);
  }
}
