import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { WireError } from "@millrace/local-wire";
import type { WireService } from "@millrace/local-wire";

/** Takes the commands of the AWS SDK without a wire: many times as fast. Errors bear the service's `name`. */
export function createDirectClient(service: WireService): Pick<KinesisClient, "send"> {
  const send = async ({
    constructor,
    input,
  }: {
    readonly constructor: { readonly name: string };
    readonly input: object;
  }) => {
    const wireInput = Object.entries(input).map(([name, value]) => [
      name,
      value instanceof Date ? value.getTime() / 1000 : value,
    ]);
    try {
      // As from CBOR: bytes come and go as they are, and the answer is an object.
      return await service.handle({
        operation: constructor.name.replace(/Command$/, ""),
        input: Object.fromEntries(wireInput),
        protocol: "cbor",
        requestId: "",
        region: "eu-west-1",
        accessKeyId: "local",
        signal: new AbortController().signal,
      });
    } catch (error) {
      if (error instanceof WireError) throw Object.assign(new Error(error.message), { name: error.type });
      throw error;
    }
  };
  return { send } as unknown as Pick<KinesisClient, "send">;
}
