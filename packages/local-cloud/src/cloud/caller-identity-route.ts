import { randomUUID } from "node:crypto";
import { localAccountId } from "../aws-constants.ts";

const xmlNamespace = "https://sts.amazonaws.com/doc/2011-06-15/";

/**
 * STS's GetCallerIdentity over the query protocol: a POST to `/` with a form that names the action.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function answerCallerIdentity(request: {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Uint8Array;
}): Promise<{ status: number; headers: Record<string, string>; body: string } | undefined> {
  if (request.path !== "/" || !["POST", "GET"].includes(request.method)) return undefined;
  const isForm = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  const form = isForm ? new URLSearchParams(Buffer.from(request.body).toString("utf8")) : request.query;
  const action = form.get("Action");
  if (action === null) return undefined;
  const requestId = randomUUID();
  if (action !== "GetCallerIdentity") {
    return xml(
      400,
      requestId,
      `<ErrorResponse xmlns="${xmlNamespace}"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>The local STS does not answer this action</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    );
  }
  return xml(
    200,
    requestId,
    `<GetCallerIdentityResponse xmlns="${xmlNamespace}"><GetCallerIdentityResult>` +
      `<Arn>arn:aws:iam::${localAccountId}:user/local</Arn><UserId>AIDALOCALLOCALLOCALL</UserId><Account>${localAccountId}</Account>` +
      `</GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
  );
}

function xml(status: number, requestId: string, body: string) {
  return { status, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId }, body };
}
