import { json, type JsonAnswer } from "../recorded/recorded-route.ts";
import { claimDirectory, readEngine, refuseOtherEngine, type EngineName } from "./engine-marker.ts";

/** Where the cloud says that it is up. */
const healthPath = "/_millrace/health";
/** Where an engine asks whether the data directory is its own (`GET ?engine=NAME`) and takes it (`PUT ?engine=NAME`). */
export const enginePath = "/_millrace/engine";

/** Answers for the data directory as a whole. */
export function makeControlRoute(directory: string) {
  return async (request: { method: string; path: string; query: URLSearchParams }): Promise<JsonAnswer | undefined> => {
    if (request.path === healthPath) return json(200, { status: "ok", engine: readEngine(directory) ?? null });
    if (request.path !== enginePath) return undefined;
    const engine = request.query.get("engine");
    if (engine !== "small" && engine !== "pulumi") {
      return json(400, { code: "invalid", message: `engine must be small or pulumi, got ${engine ?? "nothing"}` });
    }
    return claimOrCheck(directory, engine, request.method);
  };
}

function claimOrCheck(directory: string, engine: EngineName, method: string): JsonAnswer {
  try {
    if (method === "PUT") claimDirectory(directory, engine);
    else refuseOtherEngine(directory, engine);
    return json(200, { engine: readEngine(directory) ?? null });
  } catch (error) {
    return json(409, { code: "refused", message: (error as Error).message });
  }
}
