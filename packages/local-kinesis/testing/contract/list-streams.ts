import { ListStreamsCommand, paginateListStreams } from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { expectRefusal } from "./refusal.ts";
import type { Target } from "./target.ts";

async function createStreams(target: Target, names: readonly string[]): Promise<void> {
  for (const name of names) await target.createStream({ name });
}

export const listStreams: Contract = {
  about: "ListStreams",
  cases: [
    {
      title: "lists streams in order of their names, with a summary of each",
      fidelity: "exact",
      note: "kinesalite test/listStreams.js; StreamSummaries from the API reference",
      async run(target) {
        await createStreams(target, ["b", "a", "B"]);
        const answer = await target.client.send(new ListStreamsCommand({}));
        expect(answer).toMatchObject({ StreamNames: ["B", "a", "b"], HasMoreStreams: false });
        expect(answer.NextToken).toBeUndefined();
        expect(answer.StreamSummaries?.[1]).toEqual({
          StreamName: "a",
          StreamARN: target.arn("a"),
          StreamStatus: "ACTIVE",
          StreamModeDetails: { StreamMode: "PROVISIONED" },
          StreamCreationTimestamp: new Date(target.clock.now()),
        });
      },
    },
    {
      title: "gives pages, by the last name or by a token",
      fidelity: "exact",
      note: "Kinesis API reference, ListStreams",
      async run(target) {
        const { client } = target;
        await createStreams(target, ["a", "b", "c", "d", "e"]);
        const pages: (string[] | undefined)[] = [];
        for await (const page of paginateListStreams({ client, pageSize: 2 }, {})) pages.push(page.StreamNames);
        expect(pages).toEqual([["a", "b"], ["c", "d"], ["e"]]);
        const after = async (ExclusiveStartStreamName: string, Limit: number) => {
          const answer = await client.send(new ListStreamsCommand({ ExclusiveStartStreamName, Limit }));
          return [answer.StreamNames, answer.HasMoreStreams];
        };
        expect(await after("c", 1)).toEqual([["d"], true]);
        expect(await after("d", 1)).toEqual([["e"], false]);
        expect(await after("ca", 10)).toEqual([["d", "e"], false]);
      },
    },
    {
      title: "gives at most 100 names",
      fidelity: "exact",
      note: "Kinesis API reference, ListStreams",
      async run(target) {
        await createStreams(
          target,
          Array.from({ length: 101 }, (_, index) => `s${index}`),
        );
        for (const input of [{}, { Limit: 10_000 }]) {
          const answer = await target.client.send(new ListStreamsCommand(input));
          expect([answer.StreamNames?.length, answer.HasMoreStreams]).toEqual([100, true]);
        }
      },
    },
    {
      title: "refuses a token that is none, or is older than 300 seconds",
      fidelity: "close",
      note: "the types and the lifetime are the API reference's, the texts are not confirmed",
      async run(target) {
        await createStreams(target, ["a", "b"]);
        const { NextToken } = await target.client.send(new ListStreamsCommand({ Limit: 1 }));
        await expectRefusal(
          target,
          "ListStreams",
          { NextToken: "AAAA" },
          "InvalidArgumentException",
          "Invalid NextToken.",
        );
        await target.clock.advance(300_001);
        await expectRefusal(
          target,
          "ListStreams",
          { NextToken },
          "ExpiredNextTokenException",
          "The NextToken has expired.",
        );
      },
    },
  ],
};
