/** The tags that every resource of a stage bears. */
export function stageTags(stage: string): Readonly<Record<string, string>> {
  return { Project: "millrace", Stage: stage, ManagedBy: "pulumi" };
}

/** The same tags in the form of aws-native, whose resources are given them one by one. */
export function tagList(tags: Readonly<Record<string, string>>): { key: string; value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}
