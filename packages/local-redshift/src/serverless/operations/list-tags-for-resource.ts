import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { notFound } from "../errors.ts";
import { findResource } from "../resource.ts";

/** ListTagsForResource. */
export const listTagsForResource = defineOperation({
  shape: { resourceArn: { type: "string", required: true, minLength: 1, maxLength: 1011 } },
  run(context: ServerlessContext, { resourceArn }) {
    const resource = findResource(context, context.registry.state, resourceArn);
    if (!resource) throw notFound(`The resource ${resourceArn} does not exist.`, resourceArn);
    return { tags: resource.tags };
  },
});
