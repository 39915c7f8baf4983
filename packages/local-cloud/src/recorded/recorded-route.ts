import type { Properties } from "../pulumi/property-values.ts";
import { RecordedResourceError, type RecordedStore } from "./recorded-store.ts";

/** Where the route is. */
export const recordedPath = "/_millrace/recorded";

const statusOf = { invalid: 400, exists: 409, missing: 404 } as const;

/**
 * The recorded resources over HTTP, in JSON: `GET /` lists, `POST /TOKEN` creates from {owner, inputs, adopt?},
 * `GET`, `PUT` {inputs} and `DELETE` act on `/TOKEN/ID`; token and id are URI components. Errors are {code, message}.
 */
export function makeRecordedRoute(store: RecordedStore) {
  return async (request: { method: string; path: string; body: Uint8Array }): Promise<JsonAnswer | undefined> => {
    if (request.path !== recordedPath && !request.path.startsWith(`${recordedPath}/`)) return undefined;
    try {
      return answer(store, request);
    } catch (error) {
      if (!(error instanceof RecordedResourceError)) throw error;
      return json(statusOf[error.code], { code: error.code, message: error.message });
    }
  };
}

/** An HTTP answer with a JSON body. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Renders a JSON answer. */
export function json(status: number, body: unknown): JsonAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

function answer(store: RecordedStore, request: { method: string; path: string; body: Uint8Array }): JsonAnswer {
  const [token, id] = request.path.slice(recordedPath.length).split("/").filter(Boolean).map(decodeURIComponent);
  const body = () => JSON.parse(Buffer.from(request.body).toString("utf8")) as never;
  switch (`${request.method} ${token === undefined ? "all" : id === undefined ? "type" : "one"}`) {
    case "GET all":
      return json(200, { resources: store.list() });
    case "POST type":
      return json(201, store.create({ ...(body() as { owner: string; inputs: Properties }), token: token! }));
    case "GET one": {
      const found = store.get(token!, id!);
      return found ? json(200, found) : json(404, { code: "missing", message: `${token} ${id} does not exist` });
    }
    case "PUT one":
      return json(200, store.update({ token: token!, id: id!, inputs: (body() as { inputs: Properties }).inputs }));
    case "DELETE one":
      store.remove(token!, id!);
      return json(200, {});
    default:
      return json(405, { code: "invalid", message: `${request.method} is not answered at ${request.path}` });
  }
}
