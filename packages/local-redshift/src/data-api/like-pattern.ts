/**
 * Whether a name matches a pattern in which `%` stands for any text and `_` for one character; no pattern matches all.
 */
export function matchesPattern(name: string, pattern: string | undefined): boolean {
  if (pattern === undefined || pattern === "") return true;
  const source = [...pattern].map((character) => {
    if (character === "%") return "[\\s\\S]*";
    return character === "_" ? "[\\s\\S]" : character.replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&");
  });
  return new RegExp(`^${source.join("")}$`, "u").test(name);
}
