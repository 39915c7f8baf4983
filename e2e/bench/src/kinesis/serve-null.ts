import { randomBytes } from "node:crypto";
import { startNullEndpoint } from "../null-endpoint.ts";
import { nullIterator } from "./null-iterator.ts";

// A null endpoint in a process of its own. Arguments: the record sizes for which it has a page of GetRecords, and records of PutRecords and of such a page.
const [sizes = "", recordsPerPut = "", recordsPerPage = ""] = process.argv.slice(2);

const pages = new Map(
  sizes.split(",").map((size) => {
    const records = Array.from({ length: Number(recordsPerPage) }, () => ({
      ApproximateArrivalTimestamp: 1_767_225_600.123,
      PartitionKey: randomBytes(8).toString("hex"),
      SequenceNumber: "49600000000000000000000000000000000000000000000000000000",
      Data: randomBytes(Number(size)).toString("base64"),
    }));
    const iterator = nullIterator(Number(size));
    return [
      iterator,
      Buffer.from(JSON.stringify({ MillisBehindLatest: 1000, NextShardIterator: iterator, Records: records })),
    ];
  }),
);
const endpoint = await startNullEndpoint({
  recordsPerPut: Number(recordsPerPut),
  page: (iterator) => pages.get(iterator),
});
process.stdout.write(`${JSON.stringify(endpoint)}\n`);
process.stdin.resume().on("end", () => process.exit());
