import { createHash } from "node:crypto";

/** Hashes that DuckDB has not. They take the bytes that Redshift hashes. */

const mask64 = 0xffff_ffff_ffff_ffffn;
const fnvPrime = 0x100_0000_01b3n;
const fnvOffset = 0xcbf2_9ce4_8422_2325n;

/** 64-bit FNV-1a; `seed` goes on with an earlier hash. Source: Database Developer Guide, r_FNV_HASH. */
export function fnvHash(bytes: Uint8Array, seed: bigint = fnvOffset): bigint {
  let hash = BigInt.asUintN(64, seed);
  for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * fnvPrime) & mask64;
  return BigInt.asIntN(64, hash);
}

/** The reflected polynomial of CRC-32C. */
const castagnoli = 0x82f6_3b78;

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ castagnoli : value >>> 1;
  return value;
});

/** CRC-32C as 8 hexadecimal digits. Source: Database Developer Guide, crc32-function. */
export function crc32c(bytes: Uint8Array): string {
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return ((crc ^ 0xffff_ffff) >>> 0).toString(16).padStart(8, "0");
}

/** SHA-2 in hexadecimal; nothing for a number of bits that there is none of. Source: Database Developer Guide, SHA2. */
export function sha2(text: string, bits: number): string {
  const algorithm = { 0: "sha256", 224: "sha224", 256: "sha256", 384: "sha384", 512: "sha512" }[bits];
  return algorithm === undefined ? "" : createHash(algorithm).update(text, "utf8").digest("hex");
}

/** Murmur3, 32-bit variant for x86, as a signed integer. Source: Iceberg specification, appendix B; MurmurHash3.cpp. */
export function murmur3(bytes: Uint8Array, seed: number): number {
  let hash = seed | 0;
  const blocks = bytes.length >> 2;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let block = 0; block < blocks; block += 1) {
    hash ^= scramble(view.getInt32(block * 4, true));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe654_6b64) | 0;
  }
  let rest = 0;
  for (let at = bytes.length - 1; at >= blocks * 4; at -= 1) rest = (rest << 8) | bytes[at]!;
  hash ^= scramble(rest);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) | 0;
}

function scramble(value: number): number {
  const mixed = Math.imul(value, 0xcc9e_2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b87_3593);
}
