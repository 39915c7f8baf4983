import { DuckDBInstance } from "/tmp/mr/functions/node_modules/@duckdb/node-api/lib/index.js";
const i = await DuckDBInstance.create(":memory:"); const c = await i.connect();
await c.run("SET TimeZone='UTC'");
for (const q of process.argv.slice(2)) { try { console.log(q, "=>", JSON.stringify((await c.runAndReadAll(q)).getRows(), (k,v)=>typeof v==='bigint'?String(v)+'n':v?.toString?.()!=='[object Object]'&&typeof v==='object'&&!Array.isArray(v)&&v?.constructor?.name!=='Object'?v.toString():v)); } catch (e) { console.log(q, "!!", e.message.split("\n")[0]); } }
process.exit(0);
