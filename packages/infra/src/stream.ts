import { Stream } from "@pulumi/aws-native/kinesis/stream.js";
import { Alias } from "@pulumi/aws/kms/alias.js";
import { Key } from "@pulumi/aws/kms/key.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { StreamSettings } from "./settings.ts";
import { tagList } from "./tags.ts";

export interface EventStreamArgs {
  /** Physical name: the external schema's SQL refers to it. */
  readonly streamName: string;
  readonly settings: StreamSettings;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether stream and key are protected and outlive the stack. */
  readonly protectData: boolean;
}

/** The stream that events arrive on, encrypted. */
export class EventStream extends ComponentResource {
  readonly streamName: Output<string>;
  readonly streamArn: Output<string>;
  /** The key of the account's own, when the settings ask for one. */
  readonly keyArn: Output<string> | undefined;

  constructor(name: string, args: EventStreamArgs, opts?: ComponentResourceOptions) {
    super("millrace:stream:EventStream", name, {}, opts);

    const { mode, shardCount, retentionHours } = args.settings;
    const lasting = { parent: this, protect: args.protectData, retainOnDelete: args.protectData };

    const key =
      args.settings.key === "customer-managed"
        ? new Key(
            `${name}-key`,
            {
              description: `Encrypts the stream ${args.streamName}`,
              enableKeyRotation: true,
              deletionWindowInDays: 30,
            },
            lasting,
          )
        : undefined;
    if (key !== undefined) {
      new Alias(`${name}-key-alias`, { name: `alias/${args.streamName}`, targetKeyId: key.id }, { parent: this });
    }
    const stream = new Stream(
      name,
      {
        name: args.streamName,
        retentionPeriodHours: retentionHours,
        streamModeDetails: { streamMode: mode },
        shardCount,
        streamEncryption: { encryptionType: "KMS", keyId: key?.arn ?? "alias/aws/kinesis" },
        tags: tagList(args.tags),
      },
      lasting,
    );

    this.streamName = stream.name.apply((streamName) => streamName ?? args.streamName);
    this.streamArn = stream.arn;
    this.keyArn = key?.arn;
    this.registerOutputs({ streamName: this.streamName, streamArn: this.streamArn });
  }
}
