import type { StatementResult } from "../database/database.ts";
import { cellBytes, writeCsvCell, writeField } from "./cell.ts";
import type { DataApiLimits } from "./limits.ts";

/** The format a statement asked for. */
export type ResultFormat = "JSON" | "CSV";

/** A result that is over a limit fails the statement with this text. */
class ResultTooLargeError extends Error {
  override readonly name = "ResultTooLargeError";
}

/** One page: the JSON text of the answer's `Records`. */
export interface ResultPage {
  readonly records: string;
  /** Bytes that the page adds to the result's size: the cells and their separators. */
  readonly resultBytes: number;
}

/**
 * Writes a result as pages, at least one. Throws {@link ResultTooLargeError} when a row or the whole is over its limit.
 */
export function* writePages(
  result: StatementResult,
  format: ResultFormat,
  limits: DataApiLimits,
): Generator<ResultPage> {
  const columns = result.columns ?? [];
  let total = 0;
  for (const page of format === "CSV" ? writeCsvPages(result, limits) : writeJsonPages(result, limits)) {
    total += page.resultBytes;
    if (total > limits.maxResultBytes) throw new ResultTooLargeError("Database response exceeded size limit");
    yield page;
  }
  if (columns.length === 0 && total > 0) throw new Error("A result without columns must have no rows");
}

/**
 * Bytes of the header, which count in a result's size: in the guide's samples `select 1` has ResultSize 11, that is `?column?`,
 * `1` and two line ends. Source: data-api-calling-cli-describe-statement.
 */
export function headerBytes(result: StatementResult): number {
  return (result.columns ?? []).reduce((sum, { label }) => sum + Buffer.byteLength(label) + 1, 0);
}

function* writeJsonPages({ columns = [], rows }: StatementResult, limits: DataApiLimits): Generator<ResultPage> {
  let texts: string[] = [];
  let textLength = 0;
  let resultBytes = 0;
  for (const row of rows) {
    let text = "[";
    let rowBytes = 0;
    for (const [index, column] of columns.entries()) {
      const cell = row[index] ?? null;
      rowBytes += cellBytes(cell);
      text += index === 0 ? writeField(cell, column) : `,${writeField(cell, column)}`;
    }
    checkRow(rowBytes, limits);
    text += "]";
    if (texts.length > 0 && textLength + text.length > limits.jsonPageBytes) {
      yield { records: `[${texts.join(",")}]`, resultBytes };
      texts = [];
      textLength = 0;
      resultBytes = 0;
    }
    texts.push(text);
    textLength += text.length + 1;
    resultBytes += rowBytes + columns.length;
  }
  yield { records: `[${texts.join(",")}]`, resultBytes };
}

function* writeCsvPages({ columns = [], rows }: StatementResult, limits: DataApiLimits): Generator<ResultPage> {
  let chunks: string[] = [];
  let chunk = `${columns.map(({ label }) => writeCsvCell(label)).join(",")}\r\n`;
  let pageLength = chunk.length;
  let resultBytes = 0;
  const page = () => {
    const records = JSON.stringify([...chunks, chunk].map((CSVRecords) => ({ CSVRecords })));
    return { records, resultBytes };
  };
  for (const row of rows) {
    const rowBytes = row.reduce((sum: number, cell) => sum + cellBytes(cell), 0);
    checkRow(rowBytes, limits);
    const line = `${row.map(writeCsvCell).join(",")}\r\n`;
    if (pageLength + line.length > limits.csvPageBytes && pageLength > 0) {
      yield page();
      chunks = [];
      chunk = "";
      pageLength = 0;
      resultBytes = 0;
    } else if (chunk.length + line.length > limits.csvChunkBytes && chunk !== "") {
      chunks.push(chunk);
      chunk = "";
    }
    chunk += line;
    pageLength += line.length;
    resultBytes += rowBytes + columns.length;
  }
  yield page();
}

function checkRow(rowBytes: number, limits: DataApiLimits): void {
  if (rowBytes <= limits.maxRowBytes) return;
  // The guide names the text's beginning only; the numbers in brackets are JDBC's form of the same sentence.
  throw new ResultTooLargeError(`Packet for query is too large (${rowBytes} > ${limits.maxRowBytes}).`);
}
