import type { SessionWarehouse } from "@millrace/warehouse";
import { findLedger } from "./ledger.ts";
import { summarizeLedger } from "./ledger-summary.ts";
import { migrate, toMigrationError } from "./migrate.ts";
import type { MigrationError } from "./migration-error.ts";
import type { LockHolder } from "./run-lock.ts";
import { findInputFailures, isUnknown, textInputs } from "./provider-inputs.ts";
import type { CheckFailure, ListedMigration, MigrationsInputs, MigrationsOutputs } from "./provider-inputs.ts";

/** A resource's state, with the serialized provider that Pulumi keeps in it. */
type Stored<Properties> = Properties & { readonly __provider?: unknown };

/** The six functions; their shapes are those of `pulumi.dynamic.ResourceProvider`. */
export interface MigrationsProvider {
  /** Validates all inputs and reports every failure; values that are not known yet (previews) are let through. */
  check(olds: unknown, news: Stored<MigrationsInputs>): Promise<{ inputs: MigrationsInputs; failures: CheckFailure[] }>;
  /**
   * Compares the state with new inputs. Another region, workgroup or database is a replacement: there the ledger and all objects are others, and
   * an update would leave the old ones recorded nowhere. All else is an update.
   */
  diff(id: string, olds: Stored<MigrationsOutputs>, news: Stored<MigrationsInputs>): Promise<DiffResult>;
  /** Runs the migrations. Throws an Error with id, properties and reasons when some of them were applied and one failed. */
  create(inputs: Stored<MigrationsInputs>): Promise<{ id: string; outs: MigrationsOutputs }>;
  /** Reports what the ledger holds, as inputs too, so that a refresh shows drift. An empty id tells that workgroup or secret are gone. */
  read(
    id: string,
    props: Stored<MigrationsOutputs>,
  ): Promise<{ id: string; props: MigrationsOutputs; inputs: MigrationsInputs }>;
  /** Runs the migrations that the ledger lacks. Throws as `create` does. */
  update(
    id: string,
    olds: Stored<MigrationsOutputs>,
    news: Stored<MigrationsInputs>,
  ): Promise<{ outs: MigrationsOutputs }>;
  /** Forgets the resource; objects and rows stay in the warehouse. */
  delete(id: string, props: Stored<MigrationsOutputs>): Promise<void>;
}

/** Answer of `diff`. */
interface DiffResult {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

const replacingInputs = ["region", "workgroupName", "databaseName"] as const;

/** Makes the provider from what it needs of the world. `openWarehouse` is called once a function call and closed after it. */
export function makeProvider(options: {
  readonly openWarehouse: (inputs: MigrationsInputs) => { warehouse: SessionWarehouse; close(): void };
  readonly who: string;
  /** Told of a run that this one waits for. */
  readonly onWait?: (holder: LockHolder) => void;
  /** Directory of the `.sql` files. Default: the project's own. */
  readonly directory?: string;
}): MigrationsProvider {
  const { openWarehouse, who, onWait, directory } = options;

  async function apply(id: string | undefined, inputs: Stored<MigrationsInputs>): Promise<MigrationsOutputs> {
    const { streamName, redshiftRoleArn } = inputs;
    const order = inputs.migrations.map(({ name }) => name);
    const { warehouse, close } = openWarehouse(inputs);
    try {
      const values = { streamName, redshiftRoleArn };
      const result = await migrate({
        warehouse,
        values,
        who,
        ...(onWait && { onWait }),
        ...(directory !== undefined && { directory }),
      });
      const error = toMigrationError(result);
      if (error) {
        const ledger = await findLedger(warehouse).catch(() => undefined);
        throw toResourceError(error, id, { ...inputs, ...summarizeLedger(ledger, order) });
      }
      return withoutProvider({ ...inputs, ...summarizeLedger(await findLedger(warehouse), order) });
    } finally {
      close();
    }
  }

  return {
    check: async (_olds, news) => {
      const failures = [...findInputFailures(news as never)];
      return { inputs: failures.length > 0 ? news : onlyNamesAndChecksums(news), failures };
    },

    diff: async (_id, olds, news) => {
      const changed = textInputs.filter((key) => news[key] !== olds[key]);
      const replaces = changed.filter(
        (key) => (replacingInputs as readonly string[]).includes(key) && !isUnknown(news[key]),
      );
      const changes = changed.length > 0 || hasOtherMigrations(olds.migrations, news.migrations);
      return { changes, replaces, deleteBeforeReplace: false };
    },

    create: async (inputs) => {
      const outs = await apply(undefined, inputs);
      return { id: idOf(inputs), outs };
    },

    read: async (id, props) => {
      const { warehouse, close } = openWarehouse(props);
      try {
        const ledger = await findLedger(warehouse);
        const summary = summarizeLedger(
          ledger,
          (props.migrations ?? []).map(({ name }) => name),
        );
        const outs = withoutProvider({ ...props, ...summary });
        return { id, props: outs, inputs: toInputs(outs) };
      } catch (error) {
        if (!isGone(error)) throw error;
        return { id: "", props: withoutProvider(props), inputs: toInputs(props) };
      } finally {
        close();
      }
    },

    update: async (id, _olds, news) => ({ outs: await apply(id, news) }),

    delete: async (_id, _props) => undefined,
  };
}

function idOf({ workgroupName, databaseName }: MigrationsInputs): string {
  return `${workgroupName}/${databaseName}`;
}

/** Order does not count. A list that is not known yet is another one. */
function hasOtherMigrations(
  olds: readonly ListedMigration[] | undefined,
  news: readonly ListedMigration[] | undefined,
): boolean {
  const lines = (list: readonly ListedMigration[] | undefined) =>
    Array.isArray(list)
      ? (list as ListedMigration[])
          .map(({ name, checksum }) => `${name} ${checksum}`)
          .sort()
          .join("\n")
      : String(list);
  return lines(olds) !== lines(news);
}

function onlyNamesAndChecksums(news: Stored<MigrationsInputs>): Stored<MigrationsInputs> {
  if (!Array.isArray(news.migrations)) return news;
  const short = (entry: ListedMigration) => (isUnknown(entry) ? entry : { name: entry.name, checksum: entry.checksum });
  return { ...news, migrations: (news.migrations as ListedMigration[]).map(short) };
}

/** Pulumi adds the serialized provider to what a function returns, and to that only. */
function withoutProvider<Properties extends object>(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => key !== "__provider")) as Properties;
}

function toInputs(outputs: Stored<MigrationsOutputs>): MigrationsInputs {
  const names: readonly string[] = [...textInputs, "migrations"];
  return Object.fromEntries(
    Object.entries(outputs).filter(([key]) => names.includes(key)),
  ) as unknown as MigrationsInputs;
}

/**
 * The Error by which Pulumi records a resource that exists and is not whole: `properties` keep `__provider` (nobody else adds it here, and without it
 * the resource cannot be deleted) and list only what the ledger holds, so that the next run is an update. A creation that left nothing stays a plain
 * Error: there is no resource then.
 */
function toResourceError(error: MigrationError, id: string | undefined, properties: Stored<MigrationsOutputs>): Error {
  if (id === undefined && properties.migrationsApplied === 0) return error;
  return Object.assign(error, { id: id ?? idOf(properties), properties, reasons: [...error.problems] });
}

/** The texts with which the Data API says that the workgroup is not there. Source: provider tests in the field, see the error catalogue of the Data API. */
function isGone(error: unknown): boolean {
  return (
    error instanceof Error && error.name === "ValidationException" && /endpoint doesn't exist/i.test(error.message)
  );
}
