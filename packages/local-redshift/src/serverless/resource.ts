import { arnOf, type Place } from "./arn.ts";
import type { NamespaceRecord, ServerlessState, WorkgroupRecord } from "./state.ts";

/** The namespace or workgroup with this ARN. */
export function findResource(
  place: Place,
  state: ServerlessState,
  resourceArn: string,
): NamespaceRecord | WorkgroupRecord | undefined {
  return (
    state.namespaces.find(({ namespaceId }) => arnOf(place, "namespace", namespaceId) === resourceArn) ??
    state.workgroups.find(({ workgroupId }) => arnOf(place, "workgroup", workgroupId) === resourceArn)
  );
}
