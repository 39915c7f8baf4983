/** What a sequence number of any version says. */
export interface AnySequenceNumber {
  /** Negative if the sign bit of its 32 is set. */
  readonly shardIndex: number;
  /** Second of arrival, since the epoch; version 0 has none. */
  readonly arrivedSecond: number | undefined;
}

const VERSION_0_OFFSET = 2n ** 124n;
const VERSION_0_END = 2n ** 129n;
const LATER_START = 2n ** 185n;
const LATER_END = 3n * 2n ** 184n;
/** Second of creation at which AWS takes a number for none. */
const CREATED_END = 16_025_175_000;

/**
 * Reads a sequence number that AWS would take for one, whether or not this stand-in could have given it; `undefined` for
 * others. Layouts of the three versions as kinesalite found them (mhart/kinesalite:db/index.js).
 */
export function readAnySequenceNumber(text: string): AnySequenceNumber | undefined {
  const given = BigInt(text);
  const value = given < VERSION_0_OFFSET ? given + VERSION_0_OFFSET : given;
  const digits = value.toString(16);
  const part = (start: number, end: number): number => Number.parseInt(digits.slice(start, end), 16);
  if (value < VERSION_0_END) {
    return part(1, 10) < CREATED_END ? { shardIndex: part(28, 32), arrivedSecond: undefined } : undefined;
  }
  if (value <= LATER_START || value >= LATER_END) return undefined;
  const shardIndex = part(38, 46) | 0;
  switch (digits.at(-1)) {
    case "1":
      return { shardIndex, arrivedSecond: part(13, 22) };
    case "2":
      if (part(11, 12) > 7 || part(1, 10) >= CREATED_END) return undefined;
      return { shardIndex, arrivedSecond: part(29, 38) };
    default:
      return undefined;
  }
}
