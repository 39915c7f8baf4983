import type { RecordSpan } from "../log/block.ts";
import type { Shard } from "../streams/stream.ts";

/** The answer of `GetRecords` in JSON, record by record. */
export interface RecordsJson {
  /** Writes a record; keeps nothing of it. */
  add(span: RecordSpan): void;
  /** Writes the other members, of which there is at least one, and gives the answer away. */
  end(rest: object): readonly Uint8Array[];
}

/** Enough for an answer without records; what larger ones grow by. */
const FIRST_CHUNK_BYTES = 4 * 1024;
const CHUNK_BYTES = 256 * 1024;
/** More than what stands around the key and the data of a record: names, arrival, sequence number, encryption. */
const FRAME_BYTES = 256;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** Writes bytes rather than text, because an answer may hold 10,000 records and 10 MiB: as one text it took twice as long, and twice the memory. */
export function createRecordsJson({
  shard,
  encryption,
}: {
  readonly shard: Pick<Shard, "sequenceNumber">;
  readonly encryption: "KMS" | undefined;
}): RecordsJson {
  const chunks: Uint8Array[] = [];
  const tail = encryption ? `","EncryptionType":"${encryption}"}` : '"}';
  let chunk = Buffer.allocUnsafeSlow(FIRST_CHUNK_BYTES);
  let end = chunk.write('{"Records":[', "latin1");
  let separator = "";
  let head = "";
  let headArrivedAt = Number.NaN;

  const makeRoom = (bytes: number): void => {
    if (end + bytes <= chunk.length) return;
    chunks.push(chunk.subarray(0, end));
    chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, bytes));
    end = 0;
  };
  const write = (text: string): void => {
    end += chunk.write(text, end, "latin1");
  };
  const writeKey = ({ block, keyStart, dataStart }: RecordSpan): void => {
    if (keyStart === dataStart) return;
    write('"PartitionKey":');
    if (isPlain(block, keyStart, dataStart)) {
      chunk[end] = QUOTE;
      end += 1 + block.copy(chunk, end + 1, keyStart, dataStart);
      chunk[end++] = QUOTE;
    } else {
      end += chunk.write(JSON.stringify(block.toString("utf8", keyStart, dataStart)), end);
    }
    write(",");
  };

  return {
    add(span) {
      const { block, index, arrivedAt, keyStart, dataStart, dataEnd } = span;
      makeRoom(FRAME_BYTES + (dataStart - keyStart) * 6 + Math.ceil((dataEnd - dataStart) / 3) * 4);
      if (arrivedAt !== headArrivedAt) {
        head = `{"ApproximateArrivalTimestamp":${arrivedAt / 1000},`;
        headArrivedAt = arrivedAt;
      }
      write(separator + head);
      separator = ",";
      writeKey(span);
      write(`"SequenceNumber":"${shard.sequenceNumber(index, arrivedAt)}","Data":"`);
      write(block.toString("base64", dataStart, dataEnd));
      write(tail);
    },
    end(rest) {
      const text = `],${JSON.stringify(rest).slice(1)}`;
      makeRoom(text.length * 3);
      end += chunk.write(text, end);
      chunks.push(chunk.subarray(0, end));
      return chunks;
    },
  };
}

/** Whether UTF-8 stands in JSON as it is. */
function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte < SPACE || byte === QUOTE || byte === BACKSLASH) return false;
  }
  return true;
}
