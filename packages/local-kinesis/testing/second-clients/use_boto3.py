"""Uses a Kinesis endpoint as a Python program does, through boto3, and prints what it saw as JSON.

Endpoint, credentials and region come from the environment.
"""

import datetime
import json

import boto3
import botocore.exceptions

STREAM = "boto3-stream"
HALF = str(2**127)

client = boto3.client("kinesis")
quickly = {"Delay": 1, "MaxAttempts": 30}
seen = {}


def wait_until_active():
    client.get_waiter("stream_exists").wait(StreamName=STREAM, WaiterConfig=quickly)


def read_shard(shard_id, **start):
    start = start or {"ShardIteratorType": "TRIM_HORIZON"}
    iterator = client.get_shard_iterator(StreamName=STREAM, ShardId=shard_id, **start)["ShardIterator"]
    return client.get_records(ShardIterator=iterator)


# Streams: made, waited for, described, listed in pages.
begin = datetime.datetime.now(datetime.timezone.utc)
client.create_stream(StreamName=STREAM, ShardCount=2, Tags={"made-by": "boto3"})
for number in range(3):
    client.create_stream(StreamName=f"boto3-other-{number}", StreamModeDetails={"StreamMode": "ON_DEMAND"})
wait_until_active()
summary = client.describe_stream_summary(StreamName=STREAM)["StreamDescriptionSummary"]
seen["summary"] = {name: summary[name] for name in ("StreamARN", "StreamStatus", "OpenShardCount", "RetentionPeriodHours")}
seen["age"] = (summary["StreamCreationTimestamp"] - begin).total_seconds()
pages = list(client.get_paginator("list_streams").paginate(PaginationConfig={"PageSize": 2}))
seen["pages of streams"] = [page["StreamNames"] for page in pages]

# Records: one by one and many, as bytes, from the five kinds of iterators.
one = client.put_record(StreamName=STREAM, PartitionKey="one", Data=bytes(range(256)), ExplicitHashKey="0")
many = client.put_records(
    StreamName=STREAM,
    Records=[{"PartitionKey": f"key-ü-{number}", "Data": b"record %d" % number} for number in range(20)],
)
seen["put"] = {"shard": one["ShardId"], "failed": many["FailedRecordCount"], "count": len(many["Records"])}
records = [record for shard in (0, 1) for record in read_shard(f"shardId-{shard:012}")["Records"]]
seen["bytes are kept"] = [record["Data"] for record in records if record["PartitionKey"] == "one"] == [bytes(range(256))]
seen["texts"] = sorted(record["Data"].decode() for record in records if record["PartitionKey"] != "one")
seen["keys"] = sorted(record["PartitionKey"] for record in records)
first = records[0]
seen["arrival"] = abs((first["ApproximateArrivalTimestamp"] - begin).total_seconds())
place = {"StartingSequenceNumber": first["SequenceNumber"]}
starts = {
    "AT_SEQUENCE_NUMBER": place,
    "AFTER_SEQUENCE_NUMBER": place,
    "AT_TIMESTAMP": {"Timestamp": first["ApproximateArrivalTimestamp"]},
    "LATEST": {},
}
all_of_shard = len(read_shard("shardId-000000000000")["Records"])
seen["skipped by iterators"] = {
    kind: all_of_shard - len(read_shard("shardId-000000000000", ShardIteratorType=kind, **start)["Records"])
    for kind, start in starts.items()
} | {"shard": all_of_shard}

# Shards: split, listed in pages, the end of the closed one with its children.
client.split_shard(StreamName=STREAM, ShardToSplit="shardId-000000000001", NewStartingHashKey=str(3 * 2**126))
wait_until_active()
described = client.get_paginator("describe_stream").paginate(StreamName=STREAM, PaginationConfig={"PageSize": 3})
seen["pages of shards"] = [[shard["ShardId"][-1] for shard in page["StreamDescription"]["Shards"]] for page in described]
page = client.list_shards(StreamName=STREAM, MaxResults=3)
listed = page["Shards"] + client.list_shards(NextToken=page["NextToken"])["Shards"]
seen["listed shards"] = [shard["ShardId"][-1] for shard in listed]
try:
    # Names the stream beside the token, which AWS refuses too (boto/botocore#2009).
    list(client.get_paginator("list_shards").paginate(StreamName=STREAM, PaginationConfig={"PageSize": 3}))
except client.exceptions.InvalidArgumentException as error:
    seen["paginator of list_shards"] = error.response["Error"]["Message"]
closed = read_shard("shardId-000000000001")
seen["end of a shard"] = {
    "next": closed.get("NextShardIterator"),
    "children": [child["ShardId"][-1] for child in closed["ChildShards"]],
}

# Tags, consumers, enhanced fan-out over an event stream.
client.add_tags_to_stream(StreamName=STREAM, Tags={"a": "1", "b": "2"})
client.untag_resource(ResourceARN=summary["StreamARN"], TagKeys=["a"])
seen["tags"] = {tag["Key"]: tag["Value"] for tag in client.list_tags_for_stream(StreamName=STREAM)["Tags"]}
consumer = client.register_stream_consumer(StreamARN=summary["StreamARN"], ConsumerName="fan-out")["Consumer"]
while client.describe_stream_consumer(ConsumerARN=consumer["ConsumerARN"])["ConsumerDescription"]["ConsumerStatus"] != "ACTIVE":
    pass
consumers = client.get_paginator("list_stream_consumers").paginate(StreamARN=summary["StreamARN"])
seen["consumers"] = [entry["ConsumerName"] for page in consumers for entry in page["Consumers"]]
events = client.subscribe_to_shard(
    ConsumerARN=consumer["ConsumerARN"],
    ShardId="shardId-000000000000",
    StartingPosition={"Type": "TRIM_HORIZON"},
)["EventStream"]
pushed = []
for event in events:
    pushed += event["SubscribeToShardEvent"]["Records"]
    if len(pushed) >= all_of_shard:
        break
events.close()
seen["pushed"] = len(pushed) == all_of_shard and pushed[0]["Data"] == first["Data"]
client.deregister_stream_consumer(ConsumerARN=consumer["ConsumerARN"])

# Errors, as the exceptions a program catches.
try:
    client.describe_stream(StreamName="none")
except client.exceptions.ResourceNotFoundException as error:
    seen["error"] = error.response["Error"] | {"status": error.response["ResponseMetadata"]["HTTPStatusCode"]}
try:
    client.put_record(StreamName=STREAM, PartitionKey="k" * 257, Data=b"x")
except botocore.exceptions.ClientError as error:
    seen["refusal"] = error.response["Error"]

client.delete_stream(StreamName=STREAM, EnforceConsumerDeletion=True)
client.get_waiter("stream_not_exists").wait(StreamName=STREAM, WaiterConfig=quickly)
print(json.dumps(seen))
