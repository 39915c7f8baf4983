import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  type Field,
  type RedshiftDataClient,
} from "@aws-sdk/client-redshift-data";
import {
  GetNamespaceCommand,
  RedshiftServerlessClient,
  type RedshiftServerlessClientConfig,
} from "@aws-sdk/client-redshift-serverless";

/** The secret of the admin of the workgroup that the command makes. */
export async function adminSecretOf(settings: RedshiftServerlessClientConfig): Promise<string> {
  const client = new RedshiftServerlessClient(settings);
  const { namespace } = await client.send(new GetNamespaceCommand({ namespaceName: "default" }));
  client.destroy();
  return namespace?.adminPasswordSecretArn ?? "";
}

/** Runs one statement through the Data API and answers its rows; throws the statement's error. */
export async function runSql(
  client: RedshiftDataClient,
  target: { readonly WorkgroupName: string; readonly Database: string; readonly SecretArn?: string },
  sql: string,
): Promise<readonly (readonly Field[])[]> {
  const { Id } = await client.send(new ExecuteStatementCommand({ ...target, Sql: sql, WaitTimeSeconds: 30 }));
  const { Status, Error: reason, HasResultSet } = await client.send(new DescribeStatementCommand({ Id }));
  if (Status !== "FINISHED") throw new Error(`${Status}: ${reason}`);
  if (!HasResultSet) return [];
  return (await client.send(new GetStatementResultCommand({ Id }))).Records ?? [];
}
