const greatestValueLength = 15_000;
const greatestWlmLength = 8_000;

/**
 * What the service answers for parameters that nobody set. Source: answers harvested 2026-07; hashicorp/terraform-provider-aws#33692
 * and #49939.
 */
const defaults: Readonly<Record<string, string>> = {
  auto_mv: "true",
  datestyle: "ISO, MDY",
  enable_case_sensitive_identifier: "false",
  enable_user_activity_logging: "true",
  query_group: "default",
  require_ssl: "true",
  search_path: "$user, public",
  use_fips_ssl: "false",
};
const limitDefaults: Readonly<Record<string, string>> = { max_query_execution_time: "14400" };

/** Query limits exclude `wlm_json_configuration`; those on CPU were removed in 2025-05 (behavior-changes). */
const queryLimits: ReadonlySet<string> = new Set([
  "max_query_execution_time",
  "max_query_queue_time",
  "max_query_blocks_read",
  "max_query_temp_blocks_to_disk",
  "max_scan_row_count",
  "max_return_row_count",
  "max_join_row_count",
  "max_nested_loop_join_row_count",
  "max_segment_execution_time",
]);
const wlmKey = "wlm_json_configuration";
const otherKeys: ReadonlySet<string> = new Set([...Object.keys(defaults), "enable_large_strings_opt_in", wlmKey]);
const booleanKeys: ReadonlySet<string> = new Set([
  "auto_mv",
  "enable_case_sensitive_identifier",
  "enable_user_activity_logging",
  "enable_large_strings_opt_in",
  "require_ssl",
  "use_fips_ssl",
]);

/** A parameter as it travels. */
export interface ConfigParameter {
  readonly parameterKey?: string;
  readonly parameterValue?: string;
}

/**
 * Adds parameters to those that were set before. A query limit drops the WLM configuration and the other way round.
 * Returns a sentence when a key or a value is not allowed.
 */
export function mergeConfigParameters(
  before: Readonly<Record<string, string>>,
  given: readonly ConfigParameter[],
): { readonly parameters: Readonly<Record<string, string>> } | { readonly problem: string } {
  const added: Record<string, string> = {};
  for (const { parameterKey: key, parameterValue: value } of given) {
    if (key === undefined || value === undefined) return { problem: "parameterKey and parameterValue must be given" };
    const problem = findProblem(key, value);
    if (problem) return { problem };
    added[key] = value;
  }
  const addsLimits = Object.keys(added).some((key) => queryLimits.has(key));
  const addsWlm = wlmKey in added;
  if (addsLimits && addsWlm) {
    return { problem: "either query monitoring limits or wlm_json_configuration can be set, not both" };
  }
  const kept = Object.entries(before).filter(
    ([key]) => !(addsLimits && key === wlmKey) && !(addsWlm && queryLimits.has(key)),
  );
  return { parameters: { ...Object.fromEntries(kept), ...added } };
}

/** The whole set as the service answers it: what was set, and the defaults of all else, by key. */
export function listConfigParameters(parameters: Readonly<Record<string, string>>): Required<ConfigParameter>[] {
  const whole = { ...defaults, ...(wlmKey in parameters ? {} : limitDefaults), ...parameters };
  return Object.entries(whole)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([parameterKey, parameterValue]) => ({ parameterKey, parameterValue }));
}

function findProblem(key: string, value: string): string | undefined {
  if (!otherKeys.has(key) && !queryLimits.has(key)) {
    return `${key} is not a configuration parameter; the options are ${[...otherKeys, ...queryLimits].join(", ")}`;
  }
  if (booleanKeys.has(key) && !["true", "false"].includes(value.toLowerCase())) {
    return `${key} must be true or false, got ${value.slice(0, 100)}`;
  }
  if (queryLimits.has(key) && !/^\d{1,18}$/.test(value)) {
    return `${key} must be a whole number, got ${value.slice(0, 100)}`;
  }
  if (key === "max_query_execution_time" && Number(value) > 86_399) {
    return `${key} must be from 0 to 86399 seconds, got ${value}`;
  }
  const greatest = key === wlmKey ? greatestWlmLength : greatestValueLength;
  return value.length > greatest ? `${key} must have at most ${greatest} characters` : undefined;
}
