import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { notFound } from "../errors.ts";
import { findResource } from "../resource.ts";

/** UntagResource. */
export const untagResource = defineOperation({
  shape: {
    resourceArn: { type: "string", required: true, minLength: 1, maxLength: 1011 },
    tagKeys: { type: "list", required: true, maxLength: 200, member: { type: "string", minLength: 1, maxLength: 128 } },
  },
  run(context: ServerlessContext, { resourceArn, tagKeys }) {
    return context.registry.change((draft) => {
      const resource = findResource(context, draft, resourceArn);
      if (!resource) throw notFound(`The resource ${resourceArn} does not exist.`, resourceArn);
      resource.tags = resource.tags.filter(({ key }) => !tagKeys.includes(key));
      return {};
    });
  },
});
