export {
  openDashboard,
  startDashboard,
  type Dashboard,
  type DashboardOptions,
  type OpenDashboard,
  type PageOptions,
  type PipelineOptions,
} from "./dashboard.ts";
export { readCounts, type Counts } from "./counts/read-counts.ts";
export { type EventCounts } from "./counts/event-counts.ts";
export { type RecordCounts, type ShardCounts } from "./counts/record-counts.ts";
export { type StreamClient } from "./counts/stream-source.ts";
