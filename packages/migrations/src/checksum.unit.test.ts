import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checksum } from "./checksum.ts";

const line = fc.stringMatching(/^[a-z ;'-]{0,12}[a-z;]$/);

describe("checksum", () => {
  it("is the SHA-256 of the text with plain line ends", () => {
    expect(checksum("SELECT 1;\n")).toBe("17db4fd369edb9244b9f91d9aeed145c3d04ad8ba6e95d06247f07a63527d11a");
  });

  it("ignores line endings, trailing blanks, blank lines at the end and a byte order mark", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n", "\r", "  \n", "\t\r\n")), { minLength: 1 }),
        (lines) => {
          const plain = lines.map(([text]) => text).join("\n");
          const dressed = lines.map(([text, end]) => text + end).join("");
          expect(checksum(`\uFEFF${dressed}`)).toBe(checksum(plain));
        },
      ),
    );
  });

  it("differs for leading blanks, blank lines within and any other text", () => {
    const texts = ["a\nb", " a\nb", "a\n\nb", "a b", "A\nb"];
    expect(new Set(texts.map(checksum)).size).toBe(texts.length);
  });
});
