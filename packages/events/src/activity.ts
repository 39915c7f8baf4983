import Type, { type Static } from "typebox";
import { defineFamily } from "./family.ts";
import { envelope, integer, oneOf } from "./fields.ts";

const eventNames = ["JOIN", "LEAVE", "OPEN_CHAT", "SUBSCRIBE", "SEND_MESSAGE"] as const;

const schema = Type.Object(envelope(oneOf(eventNames), integer({ minimum: 0, maximum: 100 })), {
  additionalProperties: false,
});

/** What a user does in an application: `event_name` is the act, `user` a number from 0 to 100. */
export type ActivityEvent = Static<typeof schema>;

/** The family of user activity. */
export const activity = defineFamily({ name: "activity", view: "activity", eventNames, schema });
