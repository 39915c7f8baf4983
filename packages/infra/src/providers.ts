import { Provider as AwsNativeProvider } from "@pulumi/aws-native/provider.js";
import { Provider as AwsProvider } from "@pulumi/aws/provider.js";
import type { Region } from "@pulumi/aws-native/types/enums/index.js";
import { stageTags } from "./tags.ts";

/** The two providers that every resource of a stage is given explicitly. */
export interface StageProviders {
  readonly aws: AwsProvider;
  readonly "aws-native": AwsNativeProvider;
}

/**
 * Keys that open nothing: should a provider for AWS answer in the stage `local` after all, AWS turns it away.
 * Other stages take their credentials from the environment.
 */
const localCredentials = { accessKey: "local", secretKey: "local" } as const;

export function makeProviders({ stage, region }: { readonly stage: string; readonly region: string }): StageProviders {
  const credentials = stage === "local" ? localCredentials : {};
  return {
    aws: new AwsProvider("aws", { region, defaultTags: { tags: stageTags(stage) }, ...credentials }),
    "aws-native": new AwsNativeProvider("aws-native", { region: region as Region, ...credentials }),
  };
}
