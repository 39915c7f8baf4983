import { varchar } from "../../sql/sql-type.ts";
import { int4, int8, name as text, type SystemView, type SystemViews } from "./system-view.ts";

/** `eskind` 6 stands for streams (UNCONFIRMED: the documented kinds end before). */
const externalSchemas: SystemView = {
  columns: [
    ["esoid", int8],
    ["eskind", int4],
    ["schemaname", text],
    ["esowner", text],
    ["databasename", text],
    ["esoptions", varchar(65_535)],
  ],
  rows: (world) =>
    world.catalogue.schemas.flatMap((schema) =>
      schema.kinesis === undefined
        ? []
        : [
            [
              schema.oid,
              6,
              schema.name,
              schema.owner,
              "",
              JSON.stringify({ REGION: schema.kinesis.region, IAM_ROLE: schema.kinesis.roleArn }),
            ],
          ],
    ),
};

/** External schemas. */
export const externalViews: SystemViews = { svv_external_schemas: externalSchemas };
