import {
  AddTagsToStreamCommand,
  ListTagsForResourceCommand,
  ListTagsForStreamCommand,
  RemoveTagsFromStreamCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { expectRefusal } from "./refusal.ts";
import type { Target } from "./target.ts";

const INVALID_CHARACTERS =
  "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.";
const illegal = (what: string, StreamName: string, { accountId }: Target): string =>
  `Failed to ${what} stream ${StreamName} under account ${accountId} because some tags contained illegal characters. ` +
  "The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.";

async function tagsOf({ client }: Target, StreamName: string): Promise<Record<string, string | undefined>> {
  const { Tags = [] } = await client.send(new ListTagsForStreamCommand({ StreamName }));
  return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
}

export const addTagsToStream: Contract = {
  about: "AddTagsToStream",
  cases: [
    {
      title: "answers nothing, adds tags and gives those there are other values",
      fidelity: "exact",
      note: "kinesalite test/addTagsToStream.js",
      async run(target) {
        const StreamName = await target.createStream();
        const tags = { a: "a", "ü0 _.": "a", "/=+-@": "a", b: "ü0 _./=+-@", c: "" };
        const answer = await target.raw({ operation: "AddTagsToStream", body: { StreamName, Tags: tags } });
        expect([answer.status, answer.body.toString()]).toEqual([200, ""]);
        expect(await tagsOf(target, StreamName)).toEqual(tags);
        await target.client.send(new AddTagsToStreamCommand({ StreamName, Tags: { a: "b", d: "d" } }));
        expect(await tagsOf(target, StreamName)).toEqual({ ...tags, a: "b", d: "d" });
      },
    },
    {
      title: "refuses other characters in keys and values",
      fidelity: "exact",
      note: "kinesalite test/addTagsToStream.js",
      async run(target) {
        const StreamName = await target.createStream();
        for (const text of ["abc;def", "abc\tdef", "abc\ndef", "abc,def"]) {
          for (const Tags of [{ [text]: "1" }, { a: text }]) {
            await expectRefusal(
              target,
              "AddTagsToStream",
              { StreamName, Tags },
              "InvalidArgumentException",
              INVALID_CHARACTERS,
            );
          }
        }
        for (const Tags of [{ "abc%def": "1" }, { a: "abc%def" }]) {
          await expectRefusal(
            target,
            "AddTagsToStream",
            { StreamName, Tags },
            "InvalidArgumentException",
            illegal("add tags to", StreamName, target),
          );
        }
        expect(await tagsOf(target, StreamName)).toEqual({});
      },
    },
    {
      title: "refuses keys of AWS, and a stream that is not ACTIVE",
      fidelity: "close",
      note:
        "Kinesis developer guide, tag restrictions, and API reference, CreateStream (tags of a stream that is CREATING); the " +
        "errors are not confirmed",
      options: { stateDelayMs: 500 },
      async run(target) {
        const StreamName = await target.createStream();
        const input = { StreamName, Tags: { a: "b" } };
        await expectRefusal(
          target,
          "AddTagsToStream",
          input,
          "ResourceInUseException",
          `Stream ${StreamName} under account ${target.accountId} not ACTIVE, instead in state CREATING`,
        );
        await target.clock.advance(500);
        await target.client.send(new AddTagsToStreamCommand(input));
        await expectRefusal(
          target,
          "AddTagsToStream",
          { StreamName, Tags: { "aws:stage": "local" } },
          "InvalidArgumentException",
          /tag keys that begin with aws: are reserved\.$/,
        );
      },
    },
    {
      title: "takes 50 tags and refuses one more",
      fidelity: "close",
      note: "the limit is the API reference's, the text that of when it was ten (kinesalite test/addTagsToStream.js)",
      async run(target) {
        const StreamName = await target.createStream();
        const numbered = (from: number, to: number) =>
          Object.fromEntries(Array.from({ length: to - from }, (_, index) => [`k${from + index}`, "v"]));
        await target.client.send(new AddTagsToStreamCommand({ StreamName, Tags: numbered(0, 50) }));
        await target.client.send(new AddTagsToStreamCommand({ StreamName, Tags: { k0: "again" } }));
        await expectRefusal(
          target,
          "AddTagsToStream",
          { StreamName, Tags: numbered(50, 51) },
          "InvalidArgumentException",
          `Failed to add tags to stream ${StreamName} under account ${target.accountId} because a given stream cannot ` +
            "have more than 50 tags associated with it.",
        );
      },
    },
  ],
};

export const removeTagsFromStream: Contract = {
  about: "RemoveTagsFromStream",
  cases: [
    {
      title: "answers nothing, removes tags and takes keys that the stream has not",
      fidelity: "exact",
      note: "kinesalite test/removeTagsFromStream.js",
      async run(target) {
        const StreamName = await target.createStream();
        const tags = { a: "a", "ü0 _.": "a", "/=+-@": "a" };
        await target.client.send(new AddTagsToStreamCommand({ StreamName, Tags: tags }));
        const body = { StreamName, TagKeys: ["ü0 _.", "/=+-@", "b", "c"] };
        const answer = await target.raw({ operation: "RemoveTagsFromStream", body });
        expect([answer.status, answer.body.toString()]).toEqual([200, ""]);
        expect(await tagsOf(target, StreamName)).toEqual({ a: "a" });
      },
    },
    {
      title: "refuses other characters in keys",
      fidelity: "exact",
      note: "kinesalite test/removeTagsFromStream.js",
      async run(target) {
        const StreamName = await target.createStream();
        const refuse = (key: string, text: string) =>
          expectRefusal(
            target,
            "RemoveTagsFromStream",
            { StreamName, TagKeys: [key] },
            "InvalidArgumentException",
            text,
          );
        for (const key of ["abc;def", "abc\tdef", "abc\ndef", "abc,def"]) await refuse(key, INVALID_CHARACTERS);
        await refuse("abc%def", illegal("remove tags from", StreamName, target));
      },
    },
  ],
};

export const listTagsForStream: Contract = {
  about: "ListTagsForStream",
  cases: [
    {
      title: "lists tags in the order of their keys' characters, in pages after a key",
      fidelity: "exact",
      note: "kinesalite test/listTagsForStream.js",
      async run(target) {
        const StreamName = await target.createStream();
        const list = async (input: object = {}) => {
          const answer = await target.client.send(new ListTagsForStreamCommand({ StreamName, ...input }));
          return [answer.Tags?.map(({ Key }) => Key).join(""), answer.HasMoreTags];
        };
        expect(await list()).toEqual(["", false]);
        expect(await list({ ExclusiveStartTagKey: "a", Limit: 1 })).toEqual(["", false]);
        const keys = ["a", " ", "ÿ", "_", "/", "=", "+", "Zb", "0", "@"];
        const Tags = Object.fromEntries(keys.map((key) => [key, "v"]));
        await target.client.send(new AddTagsToStreamCommand({ StreamName, Tags }));
        expect(await list()).toEqual([" +/0=@Zb_aÿ", false]);
        expect(await list({ ExclusiveStartTagKey: "@", Limit: 2 })).toEqual(["Zb_", true]);
        expect(await list({ ExclusiveStartTagKey: "$Z%*(*&@,,.,,ZAC" })).toEqual(["+/0=@Zb_aÿ", false]);
        expect(await list({ ExclusiveStartTagKey: "Za$Z%*(*&@,,.,," })).toEqual(["Zb_aÿ", false]);
        expect(await list({ Limit: 10 })).toEqual([" +/0=@Zb_aÿ", false]);
      },
    },
  ],
};

/** The operations of resources see the tags that those of streams see. */
const asResource = async ({ client, arn }: Target, StreamName: string) =>
  (await client.send(new ListTagsForResourceCommand({ ResourceARN: arn(StreamName) }))).Tags;

export const tagResource: Contract = {
  about: "TagResource",
  cases: [
    {
      title: "adds tags to a stream by its ARN",
      fidelity: "exact",
      note: "Kinesis API reference, TagResource",
      async run(target) {
        const StreamName = await target.createStream();
        const ResourceARN = target.arn(StreamName);
        await target.client.send(new AddTagsToStreamCommand({ StreamName, Tags: { stage: "local", team: "a" } }));
        await target.client.send(new TagResourceCommand({ ResourceARN, Tags: { team: "b", cost: "0" } }));
        expect(await tagsOf(target, StreamName)).toEqual({ cost: "0", stage: "local", team: "b" });
      },
    },
  ],
};

export const untagResource: Contract = {
  about: "UntagResource",
  cases: [
    {
      title: "removes tags of a stream by its ARN, and takes keys that the stream has not",
      fidelity: "exact",
      note: "Kinesis API reference, UntagResource",
      async run(target) {
        const StreamName = await target.createStream();
        const ResourceARN = target.arn(StreamName);
        await target.client.send(new AddTagsToStreamCommand({ StreamName, Tags: { cost: "0", team: "a" } }));
        await target.client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["cost", "none"] }));
        expect(await tagsOf(target, StreamName)).toEqual({ team: "a" });
      },
    },
  ],
};

export const listTagsForResource: Contract = {
  about: "ListTagsForResource",
  cases: [
    {
      title: "lists the tags of a stream by its ARN, in the order of their keys",
      fidelity: "exact",
      note: "Kinesis API reference, ListTagsForResource; the order as for streams",
      async run(target) {
        const StreamName = await target.createStream();
        expect(await asResource(target, StreamName)).toEqual([]);
        await target.client.send(new AddTagsToStreamCommand({ StreamName, Tags: { b: "2", a: "1" } }));
        expect(await asResource(target, StreamName)).toEqual([
          { Key: "a", Value: "1" },
          { Key: "b", Value: "2" },
        ]);
        await target.client.send(new RemoveTagsFromStreamCommand({ StreamName, TagKeys: ["a"] }));
        expect(await asResource(target, StreamName)).toEqual([{ Key: "b", Value: "2" }]);
      },
    },
  ],
};
