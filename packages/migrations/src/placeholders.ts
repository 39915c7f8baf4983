import { SqlSyntaxError } from "./lex-sql.ts";
import type { SqlPiece } from "./lex-sql.ts";

/** Values of placeholders by name. */
export type PlaceholderValues = Readonly<Record<string, string>>;

const placeholder = /\{\{([^{}]*)\}\}/g;

/** Names of the placeholders in a text's code and dollar quotes, each once. Throws `SqlSyntaxError` for a malformed one and for one inside quotes. */
export function placeholderNames(pieces: readonly SqlPiece[]): readonly string[] {
  const names = new Set<string>();
  fillPieces(pieces, (_kind, name) => {
    names.add(name);
    return "";
  });
  return [...names];
}

/**
 * The pieces with `{{identifier name}}` and `{{literal name}}` replaced by values, quoted by kind: `"…"` or `'…'`. Comments stay as they are.
 * Throws `SqlSyntaxError` for a name without a value, and for a value that is empty, or has a control character or a backslash (Redshift reads
 * backslashes in strings as escapes).
 */
export function fillPlaceholders(pieces: readonly SqlPiece[], values: PlaceholderValues): readonly SqlPiece[] {
  return fillPieces(pieces, (kind, name, line) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) {
      const known = Object.keys(values).join(", ") || "none";
      throw new SqlSyntaxError(`there is no value for the placeholder ${name} (known: ${known})`, line);
    }
    // eslint-disable-next-line no-control-regex
    if (value === "" || /[\u0000-\u001f\u007f\\]/.test(value)) {
      throw new SqlSyntaxError(`the value of ${name} must be a text without control characters and backslashes`, line);
    }
    return kind === "identifier" ? quoteIdentifier(value) : quoteLiteral(value);
  });
}

/** A name as a quoted SQL identifier. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as an SQL string; backslashes are doubled, as Redshift reads them. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

function fillPieces(
  pieces: readonly SqlPiece[],
  fill: (kind: "identifier" | "literal", name: string, line: number) => string,
): readonly SqlPiece[] {
  return pieces.map((piece) => {
    if (piece.kind === "comment" || !piece.text.includes("{{")) return piece;
    const text = piece.text.replace(placeholder, (whole, inner: string, offset: number) => {
      const line = piece.line + piece.text.slice(0, offset).split("\n").length - 1;
      const [, kind, name] = /^(identifier|literal) ([A-Za-z][A-Za-z0-9]*)$/.exec(inner) ?? [];
      if (!kind || !name) {
        throw new SqlSyntaxError(`${whole} is no placeholder; write {{identifier name}} or {{literal name}}`, line);
      }
      if (piece.kind !== "code" && piece.kind !== "dollar") {
        throw new SqlSyntaxError(`${whole} stands inside quotes; it brings its own, so leave them out`, line);
      }
      return fill(kind as "identifier" | "literal", name, line);
    });
    return { ...piece, text };
  });
}
