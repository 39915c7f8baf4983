import { open } from "lmdb";

/**
 * A program: reads all that is in the database of the directory it is given, and ends with 0 if that went well. A process of its own, because LMDB
 * ends the process it is in, with a signal, over some kinds of damage.
 */
const root = open({ path: process.argv[2] ?? "", noSubdir: false, readOnly: true, maxDbs: 16 });
for (const name of [...root.getKeys()]) {
  const database = root.openDB({ name: String(name), encoding: "binary", keyEncoding: "binary" });
  for (const { key, value } of database.getRange()) if (!value) throw new Error(`there is no value of ${String(key)}`);
}
await root.close();
