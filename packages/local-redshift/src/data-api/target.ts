import type { Database, DatabaseUser } from "../database/database.ts";
import { endpointUnavailable, endpointUnknown, targetMissing, validation } from "./errors.ts";

/** What the Data API needs to know of the warehouses: who is there, who may enter, and how to open a database. */
export interface Warehouses {
  /** The workgroup of a name or an ARN. */
  find(nameOrArn: string): Warehouse | undefined;
}

/** One workgroup with its namespace. */
export interface Warehouse {
  /** Stays the same when the workgroup is made again. */
  readonly namespaceId: string;
  readonly workgroupName: string;
  readonly isAvailable: boolean;
  /** The names of its databases. */
  readonly databaseNames: readonly string[];
  /** Opens one of the databases. */
  open(databaseName: string): Promise<Database>;
  /**
   * The database user of a secret's name or ARN, or of the caller when there is none. An `Error` that is returned is a refusal
   * by the database; an error that is thrown fails the request.
   */
  identify(secretArn: string | undefined): Promise<DatabaseUser | Error>;
}

/** Who runs SQL where. */
export interface Login {
  readonly warehouse: Warehouse;
  /** As the request named it. */
  readonly workgroupName: string;
  readonly database: string;
  readonly secretArn?: string;
  /** Present without a secret: the user that stands for the caller. */
  readonly dbUser?: string;
  /** Opens a connection target. Throws with the database's text when the database or the user is refused. */
  enter(): Promise<{ readonly database: Database; readonly user: DatabaseUser }>;
}

/** The members of a request that say where to run. */
export interface TargetInput {
  readonly WorkgroupName?: string;
  readonly ClusterIdentifier?: string;
  readonly Database?: string;
  readonly ConnectedDatabase?: string;
  readonly DbUser?: string;
  readonly SecretArn?: string;
}

/**
 * Finds the workgroup and the user of a request. Throws a `ValidationException` when the request names no workgroup, or one that is
 * not there. A database that does not exist, or a wrong password, is an error of the connection: {@link Login.enter} throws it.
 */
export async function resolveTarget(warehouses: Warehouses, input: TargetInput): Promise<Login> {
  const warehouse = findWarehouse(warehouses, input);
  const database = input.ConnectedDatabase ?? input.Database;
  // UNCONFIRMED texts: no database; a database user for a workgroup, which only clusters take.
  if (database === undefined) throw validation("Database needs to be specified.");
  if (input.DbUser !== undefined) throw validation("DbUser can't be specified with WorkgroupName.");
  const user = await warehouse.identify(input.SecretArn);
  return {
    warehouse,
    workgroupName: input.WorkgroupName ?? warehouse.workgroupName,
    database,
    ...(input.SecretArn === undefined ? {} : { secretArn: input.SecretArn }),
    ...(input.SecretArn === undefined && !(user instanceof Error) ? { dbUser: user.name } : {}),
    async enter() {
      if (user instanceof Error) throw user;
      if (!warehouse.databaseNames.includes(database)) throw new Error(`FATAL: database "${database}" does not exist`);
      return { database: await warehouse.open(database), user };
    },
  };
}

/** The workgroup that a request names. */
export function findWarehouse(warehouses: Warehouses, input: TargetInput): Warehouse {
  const { WorkgroupName: workgroupName, ClusterIdentifier: clusterIdentifier } = input;
  if (workgroupName === undefined && clusterIdentifier === undefined) throw targetMissing();
  if (workgroupName !== undefined && clusterIdentifier !== undefined) {
    throw validation("Only one of ClusterIdentifier or WorkgroupName can be specified.");
  }
  const warehouse = workgroupName === undefined ? undefined : warehouses.find(workgroupName);
  if (!warehouse) throw endpointUnknown();
  if (!warehouse.isAvailable) throw endpointUnavailable();
  return warehouse;
}
