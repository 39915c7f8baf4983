import {
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type RedshiftServerlessClient,
} from "@aws-sdk/client-redshift-serverless";
import { isDeepStrictEqual } from "node:util";
import { fromTagList, toTagList, type Tag } from "./tags.ts";

/** Whether the service says that the namespace or workgroup does not exist. */
export function isMissing(error: unknown): boolean {
  return (error as Error).name === "ResourceNotFoundException";
}

/** The tags of a namespace or workgroup. */
export async function readTags(
  client: RedshiftServerlessClient,
  resourceArn: string | undefined,
): Promise<readonly Tag[]> {
  const { tags = [] } = await client.send(new ListTagsForResourceCommand({ resourceArn }));
  return toTagList(tags);
}

/** Takes the tags of a namespace or workgroup from one list to another. */
export async function changeTags(
  client: RedshiftServerlessClient,
  resourceArn: string | undefined,
  from: readonly Tag[] = [],
  to: readonly Tag[] = [],
): Promise<void> {
  const [old, wanted] = [fromTagList(from), fromTagList(to)];
  const gone = Object.keys(old).filter((key) => !(key in wanted));
  if (gone.length > 0) await client.send(new UntagResourceCommand({ resourceArn, tagKeys: gone }));
  if (to.length > 0 && !isDeepStrictEqual(old, { ...old, ...wanted })) {
    await client.send(new TagResourceCommand({ resourceArn, tags: [...to] }));
  }
}

/** What the service returned, as plain JSON: times as ISO 8601 text, absent members left out. */
export function toPlain(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}
