import { randomBytes } from "node:crypto";
import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { validation, workgroupNotFound } from "../errors.ts";
import { iamUserName } from "../iam-user.ts";

/**
 * GetCredentials: the caller's database user and a password that lasts for 900 to 3,600 seconds, default 900. Nothing here takes
 * the password, as no PostgreSQL wire protocol is spoken.
 */
export const getCredentials = defineOperation({
  shape: {
    workgroupName: { type: "string", minLength: 3, maxLength: 64, pattern: /^[a-z0-9-]+$/ },
    dbName: { type: "string" },
    durationSeconds: { type: "integer", min: 900, max: 3600 },
    customDomainName: { type: "string" },
  },
  run(context: ServerlessContext, { workgroupName, durationSeconds = 900 }) {
    if (workgroupName === undefined) throw validation("workgroupName must be given.");
    if (!context.registry.findWorkgroup(workgroupName)) throw workgroupNotFound(workgroupName);
    const now = context.now();
    return {
      dbUser: iamUserName,
      dbPassword: randomBytes(48).toString("base64"),
      expiration: new Date(now + durationSeconds * 1000),
      nextRefreshTime: new Date(now + (durationSeconds * 1000) / 2),
    };
  },
});
