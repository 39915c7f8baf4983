const digits = "0123456789abcdefghijklmnopqrstuvwxyz";
const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;

/**
 * Text in a base of 2 to 36 as a number: blanks, a sign, with base 16 a `0x`, then digits. Throws for anything else and for what 64 bits
 * cannot hold. Source: Database Developer Guide, r_STRTOL; the texts of its errors are UNCONFIRMED.
 */
export function strtol(text: string, base: number): bigint {
  if (base < 2 || base > 36) throw new Error(`ERROR: Invalid base: ${base}, it must be between 2 and 36`);
  let rest = text.trim().toLowerCase();
  if (rest === "" || rest.startsWith("\0")) return 0n;
  const negative = rest.startsWith("-");
  if (negative || rest.startsWith("+")) rest = rest.slice(1);
  if (base === 16 && rest.startsWith("0x")) rest = rest.slice(2);
  const values = [...rest].map((char) => digits.indexOf(char));
  if (values.length === 0 || values.some((value) => value < 0 || value >= base)) throw invalid(text, base);
  const magnitude = values.reduce((sum, value) => sum * BigInt(base) + BigInt(value), 0n);
  const value = negative ? -magnitude : magnitude;
  if (value < least || value > most) throw invalid(text, base);
  return value;
}

const invalid = (text: string, base: number) =>
  new Error(`ERROR: The input ${text} is not valid to be converted to base ${base}`);
