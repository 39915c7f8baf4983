import { WireError } from "@millrace/local-wire";
import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { notFound } from "../errors.ts";
import { tagList } from "../namespace.ts";
import { findResource } from "../resource.ts";

/** TagResource: adds tags, and replaces those with the same key. */
export const tagResource = defineOperation({
  shape: {
    resourceArn: { type: "string", required: true, minLength: 1, maxLength: 1011 },
    tags: { ...tagList, required: true },
  },
  run(context: ServerlessContext, { resourceArn, tags }) {
    return context.registry.change((draft) => {
      const resource = findResource(context, draft, resourceArn);
      if (!resource) throw notFound(`The resource ${resourceArn} does not exist.`, resourceArn);
      const byKey = new Map([...resource.tags, ...tags].map((tag) => [tag.key, tag]));
      if (byKey.size > tagList.maxLength) {
        throw new WireError("TooManyTagsException", `A resource can have at most ${tagList.maxLength} tags.`);
      }
      resource.tags = [...byKey.values()];
      return {};
    });
  },
});
