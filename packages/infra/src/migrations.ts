import { type CustomResourceOptions, dynamic, type Input, type Output } from "@pulumi/pulumi";
import { migrationsProvider } from "./dynamic-migrations.ts";

/** All plain JSON and no secrets: it lies in the state in the clear. */
export interface MigrationsArgs {
  readonly region: string;
  readonly workgroupName: Input<string>;
  readonly databaseName: string;
  /** The secret to log in with; its value is fetched by the Data API, never by us. */
  readonly adminSecretArn: Input<string>;
  readonly streamName: Input<string>;
  readonly redshiftRoleArn: Input<string>;
  /** What there is to apply, in order. The text is read when it is applied. */
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[];
}

/** The warehouse's schema, taken to where the migration files are. Removing it forgets it: no object is dropped. */
export class Migrations extends dynamic.Resource {
  // `declare`, since a field that is initialised would overwrite what Pulumi assigns.
  declare readonly migrationsApplied: Output<number>;
  declare readonly ledgerChecksum: Output<string>;

  constructor(name: string, args: MigrationsArgs, opts?: CustomResourceOptions) {
    const { migrations, ...target } = args;
    super(
      migrationsProvider,
      name,
      {
        ...target,
        migrations: migrations.map((migration) => ({ name: migration.name, checksum: migration.checksum })),
        migrationsApplied: undefined,
        ledgerChecksum: undefined,
      },
      opts,
      "millrace",
      "Migrations",
    );
  }
}
