export { type ActivityEvent } from "./activity.ts";
export { checkEvent, type EventCheck } from "./check-event.ts";
export { attributePattern, type ColumnConstraint, type EventColumn } from "./columns.ts";
export { isEventTime } from "./event-time.ts";
export { families, type Event } from "./families.ts";
export { type EventFamily } from "./family.ts";
export { type EventProblem, type EventRule } from "./problems.ts";
export { maxStringBytes } from "./text.ts";
export { type WebRequestEvent } from "./web-requests.ts";
