/**
 * What an operation accepts, as data: one rule a member. The rules repeat AWS's service models, so that the same wrong input is
 * refused with the same words.
 */
export type Shape = Readonly<Record<string, Rule>>;

/** A rule for one member. */
export type Rule = StringRule | IntegerRule | TimestampRule | BooleanRule | ListRule | StructureRule;

interface Presence {
  /** A required member that is missing is a validation error; default optional. */
  readonly required?: true;
}

/** Text; lengths in characters. */
export interface StringRule extends Presence {
  readonly type: "string";
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: RegExp;
  readonly values?: readonly string[];
  /** Never shown in an error. */
  readonly sensitive?: true;
}

/** A whole number. */
export interface IntegerRule extends Presence {
  readonly type: "integer";
  readonly min?: number;
  readonly max?: number;
}

/** A moment in epoch seconds, with a fraction. */
export interface TimestampRule extends Presence {
  readonly type: "timestamp";
}

/** `true` or `false`. */
export interface BooleanRule extends Presence {
  readonly type: "boolean";
}

/** A list of members of one kind. */
export interface ListRule extends Presence {
  readonly type: "list";
  readonly member: Rule;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** A nested object. */
export interface StructureRule extends Presence {
  readonly type: "structure";
  readonly members: Shape;
}

/** The TypeScript type of an input that passed {@link findProblems}. */
export type InputOf<S extends Shape> = {
  readonly [K in keyof S as S[K] extends { required: true } ? K : never]: ValueOf<S[K]>;
} & {
  readonly [K in keyof S as S[K] extends { required: true } ? never : K]?: ValueOf<S[K]>;
};

type ValueOf<R> = R extends { type: "string"; values: readonly (infer V)[] }
  ? V
  : R extends { type: "string" }
    ? string
    : R extends { type: "integer" | "timestamp" }
      ? number
      : R extends { type: "boolean" }
        ? boolean
        : R extends { type: "list"; member: infer M }
          ? readonly ValueOf<M>[]
          : R extends { type: "structure"; members: infer S extends Shape }
            ? InputOf<S>
            : never;

/** What is wrong with an input: values of a wrong JSON type come first and alone, as AWS's deserialiser sees them first. */
export interface InputProblems {
  readonly wrongTypes: readonly string[];
  readonly constraints: readonly string[];
}

/** Compares an input with a shape. Unknown members are ignored, and `null` counts as absent, as AWS does. */
export function findProblems(shape: Shape, input: Readonly<Record<string, unknown>>): InputProblems {
  const wrongTypes: string[] = [];
  const constraints: string[] = [];
  checkMembers(shape, input, "", wrongTypes, constraints);
  return { wrongTypes, constraints };
}

/** AWS's sentence for broken constraints: `2 validation errors detected: Value … failed to satisfy constraint: …; Value …`. */
export function describeConstraints(constraints: readonly string[]): string {
  const noun = constraints.length === 1 ? "error" : "errors";
  return `${constraints.length} validation ${noun} detected: ${constraints.join("; ")}`;
}

function checkMembers(
  shape: Shape,
  input: Readonly<Record<string, unknown>>,
  prefix: string,
  wrongTypes: string[],
  constraints: string[],
): void {
  for (const [name, rule] of Object.entries(shape)) {
    const path = `${prefix}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    const value = input[name];
    if (value == null) {
      if (rule.required) constraints.push(failure("null", path, "Member must not be null"));
      continue;
    }
    checkValue(rule, value, path, wrongTypes, constraints);
  }
}

function checkValue(rule: Rule, value: unknown, path: string, wrongTypes: string[], constraints: string[]): void {
  if (!hasType(rule, value)) {
    wrongTypes.push(`${path}: expected ${rule.type}, got ${Array.isArray(value) ? "list" : typeof value}`);
    return;
  }
  switch (rule.type) {
    case "string":
      checkString(rule, value as string, path, constraints);
      break;
    case "integer":
      if (rule.min !== undefined && (value as number) < rule.min) {
        constraints.push(
          failure(String(value), path, `Member must have value greater than or equal to ${rule.min}`, true),
        );
      }
      if (rule.max !== undefined && (value as number) > rule.max) {
        constraints.push(
          failure(String(value), path, `Member must have value less than or equal to ${rule.max}`, true),
        );
      }
      break;
    case "list":
      checkLength(rule, (value as unknown[]).length, JSON.stringify(value).slice(0, 200), path, constraints);
      for (const [index, item] of (value as unknown[]).entries()) {
        checkValue(rule.member, item, `${path}.${index + 1}.member`, wrongTypes, constraints);
      }
      break;
    case "structure":
      checkMembers(rule.members, value as Record<string, unknown>, `${path}.`, wrongTypes, constraints);
      break;
  }
}

function hasType(rule: Rule, value: unknown): boolean {
  switch (rule.type) {
    case "integer":
      return Number.isInteger(value);
    case "timestamp":
      return Number.isFinite(value);
    case "list":
      return Array.isArray(value);
    case "structure":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === rule.type;
  }
}

function checkString(rule: StringRule, value: string, path: string, constraints: string[]): void {
  const shown = rule.sensitive ? "***" : value.slice(0, 200);
  checkLength(rule, value.length, shown, path, constraints);
  if (rule.pattern && !rule.pattern.test(value)) {
    const pattern = rule.pattern.source.replace(/^\^|\$$/g, "");
    constraints.push(failure(shown, path, `Member must satisfy regular expression pattern: ${pattern}`, true));
  }
  if (rule.values && !rule.values.includes(value)) {
    constraints.push(failure(shown, path, `Member must satisfy enum value set: [${rule.values.join(", ")}]`, true));
  }
}

function checkLength(
  rule: StringRule | ListRule,
  length: number,
  shown: string,
  path: string,
  constraints: string[],
): void {
  if (rule.minLength !== undefined && length < rule.minLength) {
    constraints.push(failure(shown, path, `Member must have length greater than or equal to ${rule.minLength}`, true));
  }
  if (rule.maxLength !== undefined && length > rule.maxLength) {
    constraints.push(failure(shown, path, `Member must have length less than or equal to ${rule.maxLength}`, true));
  }
}

function failure(shown: string, path: string, constraint: string, isQuoted = false): string {
  return `Value ${isQuoted ? `'${shown}'` : shown} at '${path}' failed to satisfy constraint: ${constraint}`;
}
