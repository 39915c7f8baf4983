/** Operations on bytes that DuckDB has not. */

/** An integer as `width` bytes, the lowest first. */
export function integerBytes(value: bigint, width: number): Uint8Array {
  return Uint8Array.from({ length: width }, (_, index) => Number((value >> BigInt(index * 8)) & 255n));
}

/** Text of `0` and `1` as bytes, filled with zeros on the left. */
export function bitsToBytes(bits: string): Uint8Array {
  if (/[^01]/.test(bits)) throw new Error(`ERROR: invalid binary string: ${bits}`);
  const whole = bits.padStart(Math.ceil(bits.length / 8) * 8, "0");
  return Uint8Array.from({ length: whole.length / 8 }, (_, index) =>
    Number.parseInt(whole.slice(index * 8, index * 8 + 8), 2),
  );
}

/** Every bit turned. */
export function invertBytes(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => ~byte & 255);
}

/** Two values bit by bit; the shorter one is filled with zeros on the left (UNCONFIRMED). */
export function combineBytes(operation: "and" | "or" | "xor", left: Uint8Array, right: Uint8Array): Uint8Array {
  const length = Math.max(left.length, right.length);
  return Uint8Array.from({ length }, (_, index) => {
    const a = left[index - length + left.length] ?? 0;
    const b = right[index - length + right.length] ?? 0;
    return operation === "and" ? a & b : operation === "or" ? a | b : a ^ b;
  });
}

/** The bit at an index from the right. Throws outside the value. Source: Database Developer Guide, r_GETBIT. */
export function bitOf(bytes: Uint8Array, index: number): number {
  const byte = bytes[bytes.length - 1 - Math.floor(index / 8)];
  if (index < 0 || byte === undefined) throw new Error(`ERROR: bit index ${index} out of valid range`);
  return (byte >> (index % 8)) & 1;
}
