const codes: Readonly<Record<string, string>> = Object.fromEntries(
  ["BFPV", "CGJKQSXZ", "DT", "L", "MN", "R"].flatMap((letters, index) =>
    [...letters].map((letter) => [letter, String(index + 1)]),
  ),
);

/**
 * The American Soundex code: a letter and three digits, or nothing for text without a letter of A to Z. Source: Database Developer
 * Guide, SOUNDEX. Letters around an H or W count as neighbours, as the National Archives describe it (UNCONFIRMED for Redshift).
 */
export function soundex(text: string): string {
  const letters = [...text.toUpperCase()].filter((char) => char >= "A" && char <= "Z");
  const [first] = letters;
  if (first === undefined) return "";
  let code = first;
  let last = codes[first];
  for (const letter of letters.slice(1)) {
    if (letter === "H" || letter === "W") continue;
    const digit = codes[letter];
    if (digit !== undefined && digit !== last) code += digit;
    last = digit;
  }
  return code.slice(0, 4).padEnd(4, "0");
}

/** How many places of the Soundex codes of two texts are alike: 0 to 4. Source: Database Developer Guide, DIFFERENCE. */
export function soundexDifference(left: string, right: string): number {
  const [a, b] = [soundex(left), soundex(right)];
  if (a === "" && b === "") return 1;
  return [...a].filter((char, index) => char === b[index]).length;
}
