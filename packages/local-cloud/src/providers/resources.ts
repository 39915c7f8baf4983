import type { RedshiftServerlessClient } from "@aws-sdk/client-redshift-serverless";
import { localAccessKey, localRegion } from "../aws-constants.ts";
import { recordedTypes } from "../recorded/recorded-types.ts";
import { makeRecordedResource } from "./recorded-resource.ts";
import type { ResourceHandler } from "./resource-handler.ts";

/** Finds the handler of a token; the AWS clients it needs are loaded with the first resource that asks for them. */
export type FindHandler = (token: string) => Promise<ResourceHandler>;

/** Tokens of the types that the local cloud gives behaviour. */
export const emulatedTokens = [
  "aws-native:kinesis:Stream",
  "aws-native:redshiftserverless:Namespace",
  "aws-native:redshiftserverless:Workgroup",
] as const;

/** Tokens of the types that the local cloud stores and does not act on. */
export const recordedTokens: readonly string[] = [...recordedTypes.keys()];

/** Handlers for every type of the local cloud at `endpoint`. A token that it does not have is refused by name. */
export function makeResources(endpoint: string): FindHandler {
  const clientOptions = {
    endpoint,
    region: localRegion,
    credentials: { accessKeyId: localAccessKey, secretAccessKey: localAccessKey },
    // Set here, so that the shell's settings for AWS do not decide.
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    maxAttempts: 3,
  };
  const handlers = new Map<string, Promise<ResourceHandler>>();
  let redshiftClient: Promise<RedshiftServerlessClient> | undefined;
  const redshift = () =>
    (redshiftClient ??= import("@aws-sdk/client-redshift-serverless").then(
      (sdk) => new sdk.RedshiftServerlessClient(clientOptions),
    ));

  const make = async (token: string): Promise<ResourceHandler> => {
    const recorded = recordedTypes.get(token);
    if (recorded) return makeRecordedResource(recorded, endpoint);
    switch (token) {
      case "aws-native:kinesis:Stream": {
        const { KinesisClient } = await import("@aws-sdk/client-kinesis");
        return (await import("./kinesis-stream.ts")).makeKinesisStream(new KinesisClient(clientOptions));
      }
      case "aws-native:redshiftserverless:Namespace":
        return (await import("./redshift-namespace.ts")).makeRedshiftNamespace(await redshift());
      case "aws-native:redshiftserverless:Workgroup":
        return (await import("./redshift-workgroup.ts")).makeRedshiftWorkgroup(await redshift());
      default:
        throw new Error(
          `The local cloud has no resource type ${token}: it emulates ${emulatedTokens.join(", ")} and records ${recordedTokens.join(", ")}.`,
        );
    }
  };
  return (token) => {
    const known = handlers.get(token) ?? make(token);
    handlers.set(token, known);
    return known;
  };
}
