import type { Properties } from "../pulumi/property-values.ts";
import { recordedPath } from "../recorded/recorded-route.ts";
import type { RecordedResource } from "../recorded/recorded-store.ts";
import { checkRecordedInputs, type RecordedType } from "../recorded/recorded-types.ts";
import type { ResourceHandler } from "./resource-handler.ts";

/** A recorded type, through the control route of the local cloud. */
export function makeRecordedResource(type: RecordedType, endpoint: string): ResourceHandler {
  const send = async (
    method: string,
    id: string | undefined,
    body?: unknown,
  ): Promise<RecordedResource | undefined> => {
    const path = [recordedPath, encodeURIComponent(type.token), ...(id === undefined ? [] : [encodeURIComponent(id)])];
    const response = await fetch(`${endpoint}${path.join("/")}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const answer = (await response.json()) as RecordedResource & { message?: string };
    if (response.ok) return answer;
    if (response.status === 404) return undefined;
    throw new Error(answer.message ?? `The local cloud answered ${response.status} to ${method} ${type.token}`);
  };

  return {
    createOnly: type.createOnly,
    ...(type.nameKey ? { nameKey: type.nameKey } : {}),
    ...(type.namePrefix ? { namePrefix: type.namePrefix } : {}),
    ...(type.hasTags ? { tagForm: "map" as const } : {}),
    check: (inputs: Properties) => checkRecordedInputs(type, inputs),
    async create(inputs, { urn, adopt }) {
      const made = await send("POST", undefined, { owner: urn, inputs, adopt });
      if (!made) throw new Error(`The local cloud does not record ${type.token}`);
      return { id: made.id, attributes: made.attributes };
    },
    async read(id) {
      const found = await send("GET", id);
      return found && { id, inputs: found.inputs, attributes: found.attributes };
    },
    async update(id, _oldInputs, inputs) {
      const updated = await send("PUT", id, { inputs });
      if (!updated) throw new Error(`${type.token} ${id} is gone: refresh, then deploy again`);
      return updated.attributes;
    },
    async remove(id) {
      await send("DELETE", id);
    },
  };
}
