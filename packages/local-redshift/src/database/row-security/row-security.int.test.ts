import { expect, test } from "vitest";
import { openTestDatabase } from "../../../testing/open-test-database.ts";

test("policies are there after the database was opened again", async () => {
  await using test = await openTestDatabase();
  await test.run(
    "CREATE TABLE t (a int)",
    "INSERT INTO t VALUES (1), (2)",
    "CREATE USER reader PASSWORD DISABLE",
    "GRANT SELECT ON t TO reader",
    "CREATE RLS POLICY second WITH (a int) USING (a = 2)",
    "ATTACH RLS POLICY second ON t TO reader",
    "ALTER TABLE t ROW LEVEL SECURITY ON",
  );
  await using again = await test.reopen();
  const reader = await again.database.connect({ name: "reader", superuser: false });
  expect((await reader.execute("SELECT a FROM t")).rows).toEqual([[2]]);
});
