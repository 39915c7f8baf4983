import type {
  CallOptions,
  ClientUnaryCall,
  Metadata,
  ServiceError,
  ServiceDefinition,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import grpc from "@grpc/grpc-js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Properties } from "./property-values.ts";

/** Largest message either side takes, in bytes: the bound of Pulumi's own clients (@pulumi/pulumi/runtime/settings.js). */
const maxMessageBytes = 400 * 1024 * 1024;

/** Options of every channel and server of ours. */
export const channelOptions = {
  "grpc.max_receive_message_length": maxMessageBytes,
  "grpc.max_send_message_length": maxMessageBytes,
  // gRPC would send even 127.0.0.1 through the proxy that `http_proxy` names.
  "grpc.enable_http_proxy": 0,
};

/** A unary method of a generated client. */
export type Unary<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;

/** Properties as a protobuf Struct; keys without a value are left out. */
export function toStruct(properties: Properties): Struct {
  return struct.Struct.fromJavaScript(
    withoutUndefined(properties) as Parameters<typeof struct.Struct.fromJavaScript>[0],
  );
}

/** A protobuf Struct as properties; an absent one is empty. */
export function fromStruct(value: Struct | undefined): Properties {
  return (value?.toJavaScript() ?? {}) as Properties;
}

/** Sends one request; rejects with the error of the other side. */
export function call<Request, Response>(
  client: object,
  method: Unary<Request, Response>,
  request: Request,
  metadata: Metadata = new grpc.Metadata(),
): Promise<Response> {
  return new Promise((resolve, reject) => {
    method.call(client, request, metadata, {}, (error, response) => (error ? reject(error) : resolve(response)));
  });
}

/** Every method of a service that has no implementation answers UNIMPLEMENTED with its name. */
export function completeService(
  definition: ServiceDefinition,
  implementation: Partial<UntypedServiceImplementation>,
): UntypedServiceImplementation {
  const refuse = (name: string) => (_call: unknown, callback?: (error: Partial<ServiceError>) => void) =>
    callback?.({ code: grpc.status.UNIMPLEMENTED, details: `${name} is not implemented by the local stage` });
  return Object.fromEntries(
    Object.keys(definition).map((name) => [name, implementation[name] ?? refuse(name)]),
  ) as UntypedServiceImplementation;
}

/** Serves one method with an async function; what it throws becomes the error of the call. */
export function serve<Request, Response>(
  answer: (request: Request, metadata: Metadata) => Promise<Response> | Response,
): (
  call: { request: Request; metadata: Metadata },
  callback: (error: Partial<ServiceError> | null, response?: Response) => void,
) => void {
  return ({ request, metadata }, callback) => {
    Promise.resolve()
      .then(() => answer(request, metadata))
      .then(
        (response) => callback(null, response),
        (error: unknown) => {
          const { code, message, metadata: trailer } = error as Partial<ServiceError>;
          callback({
            code: typeof code === "number" ? code : grpc.status.UNKNOWN,
            details: message ?? String(error),
            ...(trailer ? { metadata: trailer } : {}),
          });
        },
      );
  };
}

/** Starts a gRPC server on a free loopback port. */
export async function listen(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((child) => withoutUndefined(child ?? null));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, child]) => child !== undefined)
      .map(([key, child]) => [key, withoutUndefined(child)]),
  );
}
