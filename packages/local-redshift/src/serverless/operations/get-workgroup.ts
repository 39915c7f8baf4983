import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { workgroupNotFound } from "../errors.ts";
import { resourceName } from "../namespace.ts";
import { describeWorkgroup } from "../workgroup.ts";

/** GetWorkgroup. */
export const getWorkgroup = defineOperation({
  shape: { workgroupName: resourceName },
  run(context: ServerlessContext, { workgroupName }) {
    const record = context.registry.findWorkgroup(workgroupName);
    if (!record) throw workgroupNotFound(workgroupName);
    return { workgroup: describeWorkgroup(context, record) };
  },
});
