/** What AWS does and no local endpoint can, or this one does not: matters without a case, because there is nothing to show. */
export const MISSING: readonly { readonly what: string; readonly instead: string }[] = [
  {
    what: "TLS, FIPS and dual-stack endpoints, endpoints of an account",
    instead: "one port on 127.0.0.1, without TLS",
  },
  {
    what: "Signatures, IAM policies, who may do what",
    instead: "a signature must be well-formed; policies are kept and shown, and nobody is refused because of one",
  },
  {
    what: "Streams and consumers of other accounts and regions",
    instead: "one account in one region; whatever is elsewhere does not exist",
  },
  {
    what: "Encryption with KMS",
    instead: "the key is kept and shown; KMS is not asked, and records lie on disk as they came",
  },
  {
    what: "CloudWatch metrics, CloudTrail events",
    instead: "shard-level metrics are turned on, off and shown; nothing is measured or emitted",
  },
  {
    what: "Delivery by channels",
    instead: "channels are kept and shown, with a status reason that says so; nothing is delivered to S3 or S3 Tables",
  },
  { what: "Copies in three availability zones", instead: "one copy, in one directory" },
  {
    what: "Prices and bills",
    instead: "a billing commitment is kept and allows what it allows on AWS; nothing is billed",
  },
];
