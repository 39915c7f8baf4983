import { type WireRequest, type WireService, WireError } from "@millrace/local-wire";
import { describeConstraints, findProblems, type InputOf, type Shape } from "./input-shape.ts";

/** One API operation: what it accepts, and what it does with an input that has been checked. */
export interface Operation<Context> {
  readonly shape: Shape;
  run(context: Context, input: never, request: WireRequest): unknown;
}

/** Ties a shape to a function whose input type follows from it. */
export function defineOperation<Context, const S extends Shape>(definition: {
  readonly shape: S;
  run(context: Context, input: InputOf<S>, request: WireRequest): unknown;
}): Operation<Context> {
  return definition as Operation<Context>;
}

/** How a service answers; see {@link createService}. */
export interface ServiceSettings<Context> {
  readonly targetPrefix: string;
  /** Operations by name. */
  readonly operations: Readonly<Record<string, Operation<Context>>>;
  readonly context: Context;
  /** The member that carries an error's text on this service's wire. */
  readonly errorMember: "message" | "Message";
  /** Called for an operation that is not in `operations`. */
  refuse(operation: string): Error;
  /** Called with the operation's name before its input is looked at; may throw. */
  admit?(operation: string): void;
}

/**
 * Makes a wire service of a table of operations: looks the operation up, checks the input against its shape, runs it.
 * Wrong JSON types are a `SerializationException`, broken constraints a `ValidationException`.
 */
export function createService<Context>(settings: ServiceSettings<Context>): WireService {
  const { targetPrefix, operations, context, errorMember } = settings;
  return {
    targetPrefix,
    async handle(request) {
      const operation = Object.hasOwn(operations, request.operation) ? operations[request.operation] : undefined;
      if (!operation) throw settings.refuse(request.operation);
      settings.admit?.(request.operation);
      const { wrongTypes, constraints } = findProblems(operation.shape, request.input);
      if (wrongTypes.length > 0) {
        throw new WireError("SerializationException", wrongTypes.join("; "), { member: errorMember });
      }
      if (constraints.length > 0) {
        throw new WireError("ValidationException", describeConstraints(constraints), { member: errorMember });
      }
      return operation.run(context, request.input as never, request);
    },
  };
}
