/** Opens the database file named on the command line, fills a view from an endless stream, and prints how far it is, until killed. */
import { openDatabase } from "../src/database/database.ts";
import { endlessStream } from "./endless-stream.ts";

const roleArn = "arn:aws:iam::000000000000:role/redshift";
const database = await openDatabase({
  file: process.argv[2]!,
  databaseName: "dev",
  streams: endlessStream(),
  isRoleAttached: () => true,
  defaultRoleArn: () => roleArn,
  region: "eu-west-1",
  shredFromBytes: 0,
});
const session = await database.connect({ name: "admin", superuser: true });
await session.execute("CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE default");
await session.execute(
  "CREATE MATERIALIZED VIEW mv AUTO REFRESH YES AS SELECT sequence_number, JSON_PARSE(kinesis_data) AS payload FROM kds.events",
);
await session.execute("CREATE VIEW typed AS SELECT sequence_number, payload.n::int AS n FROM mv");
for (let round = 0; ; round += 1) {
  // Other paths each round, so that the kill meets paths that are being shredded.
  await session.execute(`SELECT COUNT(payload.n::int), COUNT(payload.n${Math.floor(round / 3) % 12}::int) FROM mv`);
  const { rows } = await session.execute("SELECT COUNT(*) FROM typed");
  process.stdout.write(`${String(rows[0]![0])}\n`);
}
