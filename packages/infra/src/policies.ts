import type { Input } from "@pulumi/pulumi";

/** An IAM policy document; texts may be outputs that are not known yet. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal?: { readonly Service: string | readonly string[] };
  readonly Action: string | readonly string[];
  readonly Resource?: Input<string>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Input<string>>>>>;
}

/** A stream, and the key of the account's own that encrypts it, if one does. */
export interface StreamReference {
  readonly region: string;
  readonly streamArn: Input<string>;
  /** Left out for the key that AWS manages: its own policy lets every caller in the account use it through Kinesis. */
  readonly keyArn?: Input<string>;
}

/**
 * What Redshift may do to fill a streaming view from one stream. Source: Redshift Database Developer Guide, getting
 * started with streaming ingestion; the encryption context is from the Kinesis guide on user-generated KMS keys.
 */
export function readStreamPolicy(stream: StreamReference): PolicyDocument {
  return policy(
    {
      Sid: "ReadStream",
      Effect: "Allow",
      Action: [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
      ],
      Resource: stream.streamArn,
    },
    // ListStreams acts on the account, AWS has no narrower form. The guide asks for it; that a refresh works without is not confirmed.
    { Sid: "ListStreams", Effect: "Allow", Action: "kinesis:ListStreams", Resource: "*" },
    ...keyStatements(stream, "DecryptStream", "kms:Decrypt"),
  );
}

/** What the producer may do: put records onto one stream, write its log, keep invocations that failed for good. */
export function producerPolicy({
  logStreamsArn,
  deadLetterArn,
  ...stream
}: StreamReference & {
  /** The log group's ARN with `:*` behind it: its log streams. */
  readonly logStreamsArn: Input<string>;
  readonly deadLetterArn: Input<string>;
}): PolicyDocument {
  return policy(
    {
      Sid: "WriteStream",
      Effect: "Allow",
      Action: ["kinesis:PutRecord", "kinesis:PutRecords"],
      Resource: stream.streamArn,
    },
    ...keyStatements(stream, "EncryptStream", "kms:GenerateDataKey"),
    {
      Sid: "WriteLog",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: logStreamsArn,
    },
    { Sid: "KeepFailures", Effect: "Allow", Action: "sqs:SendMessage", Resource: deadLetterArn },
  );
}

/** What the scheduler may do: invoke one function, and keep the invocations that never got through. */
export function invokeFunctionPolicy(target: {
  readonly functionArn: Input<string>;
  readonly deadLetterArn: Input<string>;
}): PolicyDocument {
  return policy(
    { Sid: "InvokeProducer", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: target.functionArn },
    { Sid: "KeepFailures", Effect: "Allow", Action: "sqs:SendMessage", Resource: target.deadLetterArn },
  );
}

/**
 * Who may assume a role: AWS services acting for one account, where `sourceArn` is given for that resource alone.
 * The account condition keeps another customer's resources from using the role (the confused deputy).
 */
export function trustPolicy(trust: {
  readonly services: readonly string[];
  readonly accountId: Input<string>;
  readonly sourceArn?: Input<string>;
}): PolicyDocument {
  return policy({
    Sid: "AssumeRole",
    Effect: "Allow",
    Principal: { Service: trust.services },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "aws:SourceAccount": trust.accountId },
      ...(trust.sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": trust.sourceArn } }),
    },
  });
}

function policy(...statements: PolicyStatement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

function keyStatements(stream: StreamReference, sid: string, action: string): PolicyStatement[] {
  if (stream.keyArn === undefined) return [];
  return [
    {
      Sid: sid,
      Effect: "Allow",
      Action: action,
      Resource: stream.keyArn,
      Condition: {
        StringEquals: {
          "kms:ViaService": `kinesis.${stream.region}.amazonaws.com`,
          "kms:EncryptionContext:aws:kinesis:arn": stream.streamArn,
        },
      },
    },
  ];
}
