import type { Properties } from "../pulumi/property-values.ts";

/** What is wrong with one property of a resource. */
export interface PropertyProblem {
  readonly property: string;
  readonly reason: string;
}

/** What the service says about a resource that exists. */
export interface ActualResource {
  readonly id: string;
  /** The inputs as the service has them; keys that cannot be read, such as passwords, are absent. */
  readonly inputs: Properties;
  /** What the service adds to the inputs. */
  readonly attributes: Properties;
}

/** One resource type: a thin translation into the calls of its service. Values are plain: no secrets, no unknowns. */
export interface ResourceHandler {
  /** Keys whose change makes another resource. */
  readonly createOnly: readonly string[];
  /** The key that names the resource; filled in from the logical name when the program gives none. */
  readonly nameKey?: string;
  /** What a filled-in name starts with. */
  readonly namePrefix?: string;
  /** The form of `tags`, for types that carry the provider's default tags. */
  readonly tagForm?: "map" | "list";
  check(inputs: Properties): readonly PropertyProblem[];
  /**
   * Makes the resource. With `adopt`, one that an interrupted run of the same program left behind is taken over and brought
   * to the inputs. Throws IncompleteResourceError when the resource exists but is not yet as asked for.
   */
  create(inputs: Properties, origin: { urn: string; adopt: boolean }): Promise<Omit<ActualResource, "inputs">>;
  /** Resolves to undefined when the service does not have the resource. */
  read(id: string): Promise<ActualResource | undefined>;
  /** Brings the resource to the new inputs and resolves to its attributes. */
  update(id: string, oldInputs: Properties, inputs: Properties): Promise<Properties>;
  /** Removes the resource; one that is gone already is fine. */
  remove(id: string): Promise<void>;
}

/** A resource that was made but not finished: the engine keeps it and updates it next time. */
export class IncompleteResourceError extends Error {
  override readonly name = "IncompleteResourceError";
  readonly resource: Omit<ActualResource, "inputs">;
  constructor(resource: Omit<ActualResource, "inputs">, cause: unknown) {
    super(
      `${resource.id} was made, but is not as asked for: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
    this.resource = resource;
  }
}
