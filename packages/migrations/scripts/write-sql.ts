import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { families } from "@millrace/events";
import { contractMigrations } from "../src/contract-sql.ts";

// Writes the migrations that follow from the contract into sql/. A test fails while they differ.
const directory = join(import.meta.dirname, "..", "sql");
for (const [file, text] of contractMigrations(families)) {
  await writeFile(join(directory, file), text);
  console.log(`wrote sql/${file}`);
}
