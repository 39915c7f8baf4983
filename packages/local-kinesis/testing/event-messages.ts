/** The payloads of an event stream (`application/vnd.amazon.eventstream`) in their order; the first is that of the initial response. */
export function readPayloads(bytes: Buffer): Buffer[] {
  const payloads: Buffer[] = [];
  // Each message: its length, the length of its headers, a checksum, headers, payload, a checksum.
  for (let start = 0; start < bytes.length; start += bytes.readUInt32BE(start)) {
    const end = start + bytes.readUInt32BE(start);
    payloads.push(bytes.subarray(start + 12 + bytes.readUInt32BE(start + 4), end - 4));
  }
  return payloads;
}
