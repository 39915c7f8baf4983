import type { HttpRoute, HttpRouteAnswer } from "@millrace/local-wire";
import { FaultPlanError } from "./fault-plan.ts";
import type { FaultPlan } from "./fault-plan.ts";
import type { Faults } from "./faults.ts";

/** Where faults are set (`PUT`, a plan as JSON), told (`GET`) and ended (`DELETE`). */
const FAULTS_PATH = "/_millrace/kinesis/faults";

/** Answers each with the report of the plan that then holds. What is no plan is refused with status 400. */
export function createFaultsRoute(faults: Faults): HttpRoute {
  return async ({ method, path, body }) => {
    if (path !== FAULTS_PATH) return undefined;
    switch (method) {
      case "GET":
        break;
      case "DELETE":
        faults.clear();
        break;
      case "PUT":
        try {
          faults.set(parse(body));
        } catch (error) {
          if (error instanceof FaultPlanError) return answer(400, { message: error.message });
          throw error;
        }
        break;
      default:
        return answer(405, { message: `${method} is not known here; PUT a plan, GET the report, or DELETE the plan` });
    }
    return answer(200, faults.report());
  };
}

function parse(body: Uint8Array): FaultPlan {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8")) as FaultPlan;
  } catch {
    throw new FaultPlanError("the body must be a plan as JSON, for example " + EXAMPLE);
  }
}

const EXAMPLE = '{"seed": 1, "rules": [{"kind": "throttle", "rate": 0.1}]}';

function answer(status: number, value: unknown): HttpRouteAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}
