import { defineOperation } from "../../operations/operation.ts";
import { takePage } from "../../operations/pages.ts";
import type { DataApiContext } from "../context.ts";
import { tokenInvalid, validation } from "../errors.ts";
import type { Session } from "../sessions.ts";
import { submitMembers, targetMembers } from "../submit.ts";
import { findWarehouse } from "../target.ts";

const greatestPage = 100;

/** ListSessions: newest first; open ones unless a status is asked for. */
export const listSessions = defineOperation({
  shape: {
    NextToken: { type: "string" },
    MaxResults: { type: "integer", min: 0, max: greatestPage },
    SessionId: submitMembers.SessionId,
    Status: { type: "string", values: ["AVAILABLE", "BUSY", "CLOSED"] },
    RoleLevel: { type: "boolean" },
    Database: { type: "string" },
    ClusterIdentifier: targetMembers.ClusterIdentifier,
    WorkgroupName: targetMembers.WorkgroupName,
  },
  run(context: DataApiContext, input) {
    const { SessionId: sessionId, Status: status, Database: database } = input;
    const isNamed = input.WorkgroupName !== undefined || input.ClusterIdentifier !== undefined;
    if (sessionId !== undefined && (isNamed || status !== undefined || database !== undefined)) {
      // UNCONFIRMED text; the rule is in the API reference.
      throw validation("SessionId can't be specified with Status, ClusterIdentifier, WorkgroupName or Database.");
    }
    const workgroupName = isNamed ? findWarehouse(context.warehouses, input).workgroupName : undefined;
    const sessions = context.sessions.list().filter((session) => {
      if (sessionId !== undefined) return session.id === sessionId;
      return (
        (status === undefined ? session.status !== "CLOSED" : session.status === status) &&
        (database === undefined || session.login.database === database) &&
        (workgroupName === undefined || session.login.warehouse.workgroupName === workgroupName)
      );
    });
    const size = input.MaxResults || greatestPage;
    const page = takePage(sessions, { token: input.NextToken || undefined, size, refuse: tokenInvalid });
    return {
      Sessions: page.items.map((session) => describeSession(context, session)),
      NextToken: page.nextToken,
    };
  },
});

function describeSession(context: DataApiContext, session: Session): Record<string, unknown> {
  return {
    SessionId: session.id,
    Status: session.status,
    CreatedAt: new Date(session.createdAt),
    UpdatedAt: new Date(session.updatedAt),
    Database: session.login.database,
    DbUser: session.login.dbUser,
    WorkgroupName: session.login.workgroupName,
    SessionAliveSeconds: session.keepAliveSeconds,
    SessionTtl: new Date(context.sessions.expiryOf(session)),
    CurrentStatementId: session.currentStatementId,
  };
}
