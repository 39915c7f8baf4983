export { createWarehouse } from "./warehouse.ts";
export type {
  BatchOptions,
  SessionOptions,
  SessionWarehouse,
  StatementOptions,
  Warehouse,
  WarehouseClient,
  WarehouseOptions,
  WarehouseSession,
  WarehouseTarget,
} from "./warehouse.ts";
export { StatementError } from "./statement-error.ts";
export type { Cell, QueryResult } from "./result.ts";
