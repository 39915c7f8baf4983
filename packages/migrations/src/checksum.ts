import { createHash } from "node:crypto";

/**
 * SHA-256 of a migration's text in hexadecimal (64 characters). Line endings, blanks at the end of a line and blank lines at the end of the
 * file do not count: an editor or git may change them.
 */
export function checksum(text: string): string {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  const normal = lines.map((line) => line.replace(/[ \t]+$/, "")).join("\n");
  return createHash("sha256").update(normal.replace(/\n+$/, "")).digest("hex");
}
