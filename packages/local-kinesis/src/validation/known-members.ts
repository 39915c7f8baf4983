import type { Members, Shape } from "./shape.ts";

/**
 * An input without the members that are null or that its shape does not know, however deep: as AWS would take it in. For
 * operations that keep parts of their input as they came.
 */
export function knownMembers<Input extends object>(input: Input, members: Members): Input {
  const given = input as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(members)
      .filter(([name]) => given[name] !== undefined && given[name] !== null)
      .map(([name, shape]) => [name, known(given[name], shape)]),
  ) as Input;
}

function known(value: unknown, shape: Shape): unknown {
  if (shape.type === "Structure") return knownMembers(value as object, shape.members);
  if (shape.type === "List") return (value as unknown[]).map((member) => known(member, shape.member));
  return value;
}
