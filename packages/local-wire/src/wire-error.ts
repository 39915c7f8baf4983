/** What an operation throws to answer with an error of the service. */
export class WireError extends Error {
  override readonly name = "WireError";
  /** The `__type` of the body, for example `ResourceNotFoundException`. */
  readonly type: string;
  /** HTTP status, default 400. */
  readonly status: number;
  /** Further members of the body. */
  readonly fields: Record<string, unknown>;
  /** The member that holds the text, default `message`. */
  readonly member: "message" | "Message";

  constructor(
    type: string,
    message: string,
    options: {
      readonly status?: number;
      readonly fields?: Record<string, unknown>;
      readonly member?: "message" | "Message";
    } = {},
  ) {
    super(message);
    this.type = type;
    this.status = options.status ?? 400;
    this.fields = options.fields ?? {};
    this.member = options.member ?? "message";
  }
}
