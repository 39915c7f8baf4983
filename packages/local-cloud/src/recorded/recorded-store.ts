import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../atomic-file.ts";
import type { Properties } from "../pulumi/property-values.ts";
import { checkRecordedInputs, recordedTypes, type RecordedType } from "./recorded-types.ts";

/** A recorded resource: what was asked for, and what the service would add. */
export interface RecordedResource {
  readonly token: string;
  readonly id: string;
  /** Who made it: the URN of the resource in the program. */
  readonly owner: string;
  readonly createdAt: string;
  readonly inputs: Properties;
  readonly attributes: Properties;
}

/** The recorded resources of one data directory, one file each. */
export interface RecordedStore {
  /** Throws RecordedResourceError: `invalid`, or `exists` unless `adopt` is set and the owner is the same. */
  create(request: { token: string; owner: string; inputs: Properties; adopt?: boolean }): RecordedResource;
  get(token: string, id: string): RecordedResource | undefined;
  /** Throws RecordedResourceError: `invalid` or `missing`. */
  update(request: { token: string; id: string; inputs: Properties }): RecordedResource;
  remove(token: string, id: string): void;
  list(): readonly RecordedResource[];
}

/** A request that the store refuses. */
export class RecordedResourceError extends Error {
  override readonly name = "RecordedResourceError";
  readonly code: "invalid" | "exists" | "missing";
  constructor(code: "invalid" | "exists" | "missing", message: string) {
    super(message);
    this.code = code;
  }
}

/** Opens the store below `directory`; `now` gives the time of creation in epoch milliseconds. */
export function openRecordedStore(options: { directory: string; now?: () => number }): RecordedStore {
  const { directory, now = Date.now } = options;
  const folderOf = (token: string) => join(directory, encodeURIComponent(token));
  const fileOf = (token: string, id: string) => join(folderOf(token), `${encodeURIComponent(id)}.json`);
  const write = (resource: RecordedResource) => {
    writeFileAtomic(fileOf(resource.token, resource.id), JSON.stringify(resource, null, 2));
    return resource;
  };
  const listType = (token: string): RecordedResource[] =>
    existsSync(folderOf(token))
      ? readdirSync(folderOf(token))
          .filter((name) => name.endsWith(".json"))
          .sort()
          .map((name) => readRecord(join(folderOf(token), name)))
      : [];
  mkdirSync(directory, { recursive: true });

  return {
    create({ token, owner, inputs, adopt = false }) {
      const type = typeOf(token);
      checkInputs(type, inputs);
      const mine = adopt ? listType(token).find((resource) => resource.owner === owner) : undefined;
      const id = type.id(inputs, randomUUID());
      if (mine) rmSync(fileOf(token, mine.id));
      if (existsSync(fileOf(token, id))) throw new RecordedResourceError("exists", `${token} ${id} exists already`);
      const createdAt = new Date(now()).toISOString();
      return write({ token, id, owner, createdAt, inputs, attributes: type.attributes(inputs, id, createdAt) });
    },
    get(token, id) {
      const file = fileOf(typeOf(token).token, id);
      return existsSync(file) ? readRecord(file) : undefined;
    },
    update({ token, id, inputs }) {
      const type = typeOf(token);
      const old = this.get(token, id);
      if (!old) throw new RecordedResourceError("missing", `${token} ${id} does not exist`);
      checkInputs(type, inputs);
      return write({ ...old, inputs, attributes: type.attributes(inputs, id, old.createdAt) });
    },
    remove(token, id) {
      rmSync(fileOf(typeOf(token).token, id), { force: true });
    },
    list: () => [...recordedTypes.keys()].flatMap(listType),
  };
}

function typeOf(token: string): RecordedType {
  const type = recordedTypes.get(token);
  if (!type) throw new RecordedResourceError("invalid", `The local cloud has no resource type ${token}`);
  return type;
}

function checkInputs(type: RecordedType, inputs: Properties): void {
  const problems = checkRecordedInputs(type, inputs);
  if (problems.length > 0)
    throw new RecordedResourceError("invalid", problems.map((problem) => problem.reason).join("; "));
}

function readRecord(file: string): RecordedResource {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as RecordedResource;
  } catch (cause) {
    throw new Error(`The recorded resource in ${file} cannot be read: delete the file, then deploy again`, { cause });
  }
}
