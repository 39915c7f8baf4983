/** The parts of a sequence number, read from its hexadecimal digits as kinesalite's tests do, without the code that is tested. */
export function partsOf(sequenceNumber = "") {
  const digits = BigInt(sequenceNumber).toString(16);
  const [, created = "", index = "", second = "", shard = ""] =
    /^2([0-9a-f]{9})[0-9a-f]([0-9a-f]{16})00([0-9a-f]{9})([0-9a-f]{8})2$/.exec(digits) ?? [];
  return {
    createdSecond: Number.parseInt(created, 16),
    index: BigInt(`0x${index}`),
    second: Number.parseInt(second, 16),
    shard: Number.parseInt(shard, 16),
  };
}

/** The sequence number of these hexadecimal digits, as kinesalite's tests write them. */
export function fromDigits(digits: string): string {
  return BigInt(`0x${digits}`).toString();
}
