/**
 * Longest string, in bytes of UTF-8, that Redshift takes in a VARCHAR and in a string inside SUPER.
 * Source: Redshift developer guide, "Limitations" of the SUPER type.
 */
export const maxStringBytes = 65_535;

/** Most bytes of UTF-8 that one UTF-16 code unit can take. */
const maxBytesPerUnit = 3;

/**
 * Tells whether a string can be stored as it is: at most `maxBytes` bytes of UTF-8, no lone surrogates (not encodable)
 * and no U+0000. PostgreSQL refuses U+0000 in text; that Redshift's JSON_PARSE does too is not confirmed, but a record that it
 * refuses would block the streaming view, so none leaves the producer.
 */
export function isStorableText(value: string, maxBytes: number): boolean {
  return fitsBytes(value, maxBytes) && value.isWellFormed() && !value.includes("\0");
}

/** Tells whether a string takes at most `maxBytes` bytes of UTF-8. Counts only when the length leaves a doubt. */
export function fitsBytes(value: string, maxBytes: number): boolean {
  return (
    value.length * maxBytesPerUnit <= maxBytes || (value.length <= maxBytes && Buffer.byteLength(value) <= maxBytes)
  );
}
