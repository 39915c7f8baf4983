export { createWarehouse } from "./warehouse.ts";
export type {
  BatchOptions,
  StatementOptions,
  Warehouse,
  WarehouseClient,
  WarehouseOptions,
  WarehouseTarget,
} from "./warehouse.ts";
export { StatementError } from "./statement-error.ts";
export type { Cell, QueryResult } from "./result.ts";
