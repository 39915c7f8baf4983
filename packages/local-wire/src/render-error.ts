import { encodeOutput } from "./protocols.ts";
import type { Protocol } from "./protocols.ts";
import type { WireError } from "./wire-error.ts";

/**
 * How an error is written: in a protocol; as XML, which is how AWS answers what is in no protocol it knows; or in the
 * envelope that it keeps for `application/json`. The last two as recorded by kinesalite's tests (run against AWS).
 */
export type ErrorForm = Protocol | "xml" | "enveloped";

/** The body of an error and its media type; XML has none. */
export function renderError(
  form: ErrorForm,
  error: WireError,
): { readonly contentType: string | undefined; readonly body: string | Uint8Array } {
  switch (form) {
    case "xml":
      return { contentType: undefined, body: renderXml(error) };
    case "enveloped": {
      const body = { Output: { __type: `com.amazon.coral.service#${error.type}` }, Version: "1.0" };
      return { contentType: "application/json", body: JSON.stringify(body) };
    }
    default: {
      const body = { __type: error.type, [error.member]: error.message || undefined, ...error.fields };
      return { contentType: form.contentType, body: encodeOutput(form, body) };
    }
  }
}

function renderXml({ type, message }: WireError): string {
  const text = message.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return text === "" ? `<${type}/>\n` : `<${type}>\n  <Message>${text}</Message>\n</${type}>\n`;
}
