export { createBufferPool } from "./buffer-pool.ts";
export { EventStreamAnswer } from "./event-stream-answer.ts";
export type { WireEvent } from "./event-stream-answer.ts";
export { NoAnswer } from "./no-answer.ts";
export { SerializedAnswer } from "./serialized-answer.ts";
export { WireError } from "./wire-error.ts";
export { startWireServer } from "./wire-server.ts";
export type { WireServer, WireServerOptions } from "./wire-server.ts";
export type { HttpRoute, HttpRouteAnswer, HttpRouteRequest, WireRequest, WireService } from "./wire-service.ts";
