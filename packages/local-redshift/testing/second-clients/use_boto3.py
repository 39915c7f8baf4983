"""Uses Redshift Serverless and its Data API as a Python program does, through boto3, and prints what it saw as JSON.

Endpoint, credentials and region come from the environment.
"""

import json
import time

import boto3
import botocore.exceptions

serverless = boto3.client("redshift-serverless")
data = boto3.client("redshift-data")
seen = {}

# A namespace with a managed password, a workgroup, waited for.
namespace = serverless.create_namespace(namespaceName="boto3-ns", manageAdminPassword=True)["namespace"]
while serverless.get_namespace(namespaceName="boto3-ns")["namespace"]["status"] != "AVAILABLE":
    time.sleep(0.05)
serverless.create_workgroup(workgroupName="boto3-wg", namespaceName="boto3-ns", baseCapacity=8)
while serverless.get_workgroup(workgroupName="boto3-wg")["workgroup"]["status"] != "AVAILABLE":
    time.sleep(0.05)
target = {"WorkgroupName": "boto3-wg", "Database": "dev", "SecretArn": namespace["adminPasswordSecretArn"]}
workgroups = list(serverless.get_paginator("list_workgroups").paginate(PaginationConfig={"PageSize": 1}))
seen["workgroups"] = [[one["workgroupName"] for one in page["workgroups"]] for page in workgroups]


def finish(statement):
    """Polls, as programs do, and answers how it ended."""
    while True:
        described = data.describe_statement(Id=statement["Id"])
        if described["Status"] in ("FINISHED", "FAILED", "ABORTED"):
            return described
        time.sleep(0.01)


# A batch, a query with parameters, its pages, both formats.
batch = finish(
    data.batch_execute_statement(
        Sqls=["create table t (a int, b varchar(10), c decimal(6,2), d super)", "insert into t values (1, 'ü', 1.5, json_parse('{\"x\": [1]}')), (2, NULL, NULL, NULL)"],
        StatementName="setup",
        **target,
    )
)
seen["batch"] = [batch["Status"], [part["ResultRows"] for part in batch["SubStatements"]]]
query = finish(
    data.execute_statement(Sql="select * from t where a >= :least order by a", Parameters=[{"name": "least", "value": "1"}], **target)
)
pages = list(data.get_paginator("get_statement_result").paginate(Id=query["Id"]))
seen["records"] = [record for page in pages for record in page["Records"]]
seen["types"] = [column["typeName"] for column in pages[0]["ColumnMetadata"]]
csv = finish(data.execute_statement(Sql="select a, b from t order by a", ResultFormat="CSV", **target))
seen["csv"] = [one["CSVRecords"] for one in data.get_statement_result_v2(Id=csv["Id"])["Records"]]

# A session, listings, an error of SQL, an error of the call.
first = data.execute_statement(Sql="create temp table mine (a int)", SessionKeepAliveSeconds=30, **target)
seen["in the session"] = [finish(first)["Status"], finish(data.execute_statement(Sql="select * from mine", SessionId=first["SessionId"]))["Status"]]
seen["tables"] = [table["name"] for page in data.get_paginator("list_tables").paginate(SchemaPattern="public", **target) for table in page["Tables"]]
seen["columns"] = [column["name"] for column in data.describe_table(Schema="public", Table="t", **target)["ColumnList"]]
seen["named"] = [statement["StatementName"] for statement in data.list_statements(StatementName="set")["Statements"]]
seen["failed"] = finish(data.execute_statement(Sql="select * from nowhere", **target))["Error"]
try:
    data.execute_statement(Sql="select 1", Database="dev", WorkgroupName="none")
except botocore.exceptions.ClientError as error:
    seen["error"] = {**error.response["Error"], "status": error.response["ResponseMetadata"]["HTTPStatusCode"]}

print(json.dumps(seen))
