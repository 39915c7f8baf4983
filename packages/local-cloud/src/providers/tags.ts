import type { Properties } from "../pulumi/property-values.ts";

/** A tag as aws-native has it. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** AWS's own form of tags, `Key` and `Value` or their lower-case twins, as aws-native has them, in the order of keys. */
export function toTagList(
  tags: readonly {
    Key?: string | undefined;
    Value?: string | undefined;
    key?: string | undefined;
    value?: string | undefined;
  }[],
): readonly Tag[] {
  return tags
    .map((tag) => ({ key: tag.Key ?? tag.key ?? "", value: tag.Value ?? tag.value ?? "" }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Tags as a map. */
export function fromTagList(tags: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

/**
 * Inputs with the provider's default tags: added to `tags` in the list form of aws-native, and as `tagsAll` beside `tags` in
 * the map form of the classic provider. A resource's own tag wins.
 */
export function withDefaultTags(
  inputs: Properties,
  form: "map" | "list" | undefined,
  defaults: Readonly<Record<string, string>>,
): Properties {
  if (form === undefined) return inputs;
  if (form === "map") {
    const own = (inputs.tags ?? {}) as Record<string, string>;
    return { ...inputs, tagsAll: { ...defaults, ...own } };
  }
  if (Object.keys(defaults).length === 0) return inputs;
  const merged = { ...defaults, ...fromTagList(inputs.tags as readonly Tag[] | undefined) };
  return { ...inputs, tags: toTagList(Object.entries(merged).map(([key, value]) => ({ key, value }))) };
}
