import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { conflict, workgroupNotFound } from "../errors.ts";
import { resourceName } from "../namespace.ts";
import { describeWorkgroup } from "../workgroup.ts";

/** DeleteWorkgroup: closes the namespace's databases; their data stays with the namespace. */
export const deleteWorkgroup = defineOperation({
  shape: { workgroupName: resourceName },
  async run(context: ServerlessContext, { workgroupName }) {
    const { registry } = context;
    const { namespaceId, answer } = await registry.change((draft) => {
      const record = draft.workgroups.find((candidate) => candidate.workgroupName === workgroupName);
      if (!record) throw workgroupNotFound(workgroupName);
      if (registry.statusOf(record) !== "AVAILABLE") {
        throw conflict("There is an operation running on the workgroup. Try deleting the workgroup again later.");
      }
      const transition = registry.enter("DELETING");
      if (transition) record.transition = transition;
      else draft.workgroups.splice(draft.workgroups.indexOf(record), 1);
      const namespace = draft.namespaces.find(({ namespaceName }) => namespaceName === record.namespaceName);
      return {
        namespaceId: namespace?.namespaceId,
        answer: { workgroup: { ...describeWorkgroup(context, record), status: "DELETING" } },
      };
    });
    if (namespaceId) await context.databases.close(namespaceId);
    return answer;
  },
});
