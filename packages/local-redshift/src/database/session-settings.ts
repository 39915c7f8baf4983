import type { NameSettings, SuperModes } from "../sql/bind-context.ts";
import { SqlError } from "../sql/sql-error.ts";

interface KnownSetting {
  readonly initial: string;
  /** Only this value is built; absent means that any is taken. */
  readonly fixed?: true;
  readonly kind?: "boolean";
}

const free = (initial: string): KnownSetting => ({ initial });
const fixed = (initial: string): KnownSetting => ({ initial, fixed: true });
const flag = (initial: "on" | "off"): KnownSetting => ({ initial, kind: "boolean" });
const fixedFlag = (initial: "on" | "off"): KnownSetting => ({ initial, kind: "boolean", fixed: true });

/** Settings by name. Source of names and defaults: Database Developer Guide, cm_chap_ConfigurationRef, super-configurations. */
const known: Readonly<Record<string, KnownSetting>> = {
  analyze_threshold_percent: free("10"),
  application_name: free(""),
  cast_super_null_on_error: flag("on"),
  client_encoding: free("UTF8"),
  datestyle: fixed("ISO, MDY"),
  default_array_search_null_handling: flag("on"),
  describe_field_name_in_uppercase: fixedFlag("off"),
  enable_case_sensitive_identifier: flag("off"),
  enable_case_sensitive_super_attribute: flag("off"),
  enable_large_strings_opt_in: flag("off"),
  enable_result_cache_for_session: flag("on"),
  extra_float_digits: free("0"),
  intervalstyle: fixed("postgres"),
  json_parse_dedup_attributes: flag("off"),
  json_parse_truncate_strings: flag("off"),
  mv_enable_aqmv_for_session: flag("on"),
  navigate_super_null_on_error: flag("on"),
  parse_super_null_on_error: flag("off"),
  query_group: free("default"),
  search_path: free("$user, public"),
  statement_timeout: free("0"),
  timezone: fixed("UTC"),
  wlm_query_slot_count: free("1"),
};

/** Settings of JSON_PARSE, and their letters in {@link SuperModes.parseOptions}. */
const parseLetters: Readonly<Record<string, string>> = {
  enable_large_strings_opt_in: "l",
  json_parse_dedup_attributes: "d",
  json_parse_truncate_strings: "t",
  parse_super_null_on_error: "n",
};

/** Whether sessions have a setting of this name. */
export function isSetting(name: string): boolean {
  return Object.hasOwn(known, name);
}

/** A value as it is kept. Throws for a name that is none and for a value that is not built. */
export function checkSetting(name: string, value: string): string {
  if (isContextVariable(name)) return value;
  const setting = findSetting(name);
  const next = normalize(name, setting, value);
  if (setting.fixed === true && next.toLowerCase() !== setting.initial.toLowerCase())
    throw new SqlError(`${name} = ${next} is not built in the local Redshift, which knows ${setting.initial} only`);
  return next;
}

/** Variables of the application, `prefix.name`. Source: Database Developer Guide, r_SET. */
const isContextVariable = (name: string) => name.includes(".");

/** Settings of one session. */
export class SessionSettings {
  readonly #start: ReadonlyMap<string, string>;
  #values: ReadonlyMap<string, string> = new Map();
  /** Of SET LOCAL: they end with the transaction. */
  #local: ReadonlyMap<string, string> = new Map();

  /** `start` are the values that the session begins with and RESET goes back to, where they differ from Redshift's. */
  constructor(start: Readonly<Record<string, string>> = {}) {
    this.#start = new Map(Object.entries(start).map(([name, value]) => [name, checkSetting(name, value)]));
  }

  /** Sets a value, `undefined` for the default; with `local` to the end of the transaction. */
  set(name: string, value: string | undefined, local = false): void {
    const next = value === undefined ? this.#default(name) : checkSetting(name, value);
    if (local) {
      this.#local = new Map([...this.#local, [name, next]]);
      return;
    }
    this.#values = new Map([...this.#values, [name, next]]);
    this.#local = new Map([...this.#local].filter(([other]) => other !== name));
  }

  /** Goes back to the value that the session began with; `all` does it for every setting. */
  reset(name: string): void {
    if (name !== "all") this.#default(name);
    const without = (values: ReadonlyMap<string, string>) =>
      new Map(name === "all" ? [] : [...values].filter(([other]) => other !== name));
    this.#values = without(this.#values);
    this.#local = without(this.#local);
  }

  get(name: string): string {
    return this.#local.get(name) ?? this.#values.get(name) ?? this.#default(name);
  }

  /** Forgets what SET LOCAL set. */
  endTransaction(): void {
    this.#local = new Map();
  }

  /** Names with their values, in order. */
  list(): (readonly [string, string])[] {
    return Object.keys(known).map((name) => [name, this.get(name)]);
  }

  /** What the settings are now, to be given back to {@link SessionSettings.restore}. */
  save(): ReadonlyMap<string, string> {
    return this.#values;
  }

  restore(values: ReadonlyMap<string, string>): void {
    this.#values = values;
  }

  /** The settings that change what names mean. */
  get names(): NameSettings {
    return {
      caseSensitiveIdentifier: this.get("enable_case_sensitive_identifier") === "on",
      caseSensitiveSuper: this.get("enable_case_sensitive_super_attribute") === "on",
      searchPath: this.get("search_path")
        .split(",")
        .map((schema) => schema.trim().toLowerCase())
        .filter((schema) => schema !== ""),
    };
  }

  /** The settings that change what is done with SUPER. */
  get superModes(): SuperModes {
    return {
      navigatesStrictly: this.get("navigate_super_null_on_error") === "off",
      castsStrictly: this.get("cast_super_null_on_error") === "off",
      parseOptions: Object.entries(parseLetters)
        .map(([name, letter]) => (this.get(name) === "on" ? letter : ""))
        .join(""),
      findsNulls: this.get("default_array_search_null_handling") === "on",
    };
  }

  #default(name: string): string {
    return (
      this.#start.get(name) ?? (isContextVariable(name) && this.#values.has(name) ? "" : findSetting(name).initial)
    );
  }
}

function findSetting(name: string): KnownSetting {
  const setting = isSetting(name) ? known[name] : undefined;
  if (setting === undefined)
    throw new SqlError(`unrecognized configuration parameter "${name}"`, { sqlState: "42704" });
  return setting;
}

const words: Readonly<Record<string, string>> = {
  true: "on",
  false: "off",
  on: "on",
  off: "off",
  "1": "on",
  "0": "off",
  yes: "on",
  no: "off",
};

function normalize(name: string, setting: KnownSetting, value: string): string {
  if (setting.kind !== "boolean") return value;
  const word = words[value.toLowerCase()];
  if (word === undefined) throw new SqlError(`parameter "${name}" requires a Boolean value`, { sqlState: "22023" });
  return word;
}
