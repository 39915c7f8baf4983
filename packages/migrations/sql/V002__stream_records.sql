--! no-transaction
--! done-when: SELECT 1 FROM svv_mv_info WHERE schema_name = 'millrace' AND name = 'stream_records'

-- The one streaming view of the stream: every record, once (by shard and sequence number), from the oldest that the stream still keeps.
-- It stays this simple because it may not navigate its own SUPER, and because an error in it would block ingestion: what is not JSON is kept
-- as bytes. A change of the contract never touches it; the views on top change.
-- Whether this statement may run inside a TRANSACTION batch of the Data API is not confirmed, so it runs by itself.
-- Source: Redshift developer guide, streaming ingestion to a materialized view (tutorial, station data).
CREATE MATERIALIZED VIEW millrace.stream_records
AUTO REFRESH YES
AS
SELECT
  approximate_arrival_timestamp,
  partition_key,
  shard_id,
  sequence_number,
  refresh_time,
  CASE WHEN CAN_JSON_PARSE(kinesis_data) THEN JSON_PARSE(kinesis_data) ELSE NULL END AS payload,
  CASE WHEN NOT CAN_JSON_PARSE(kinesis_data) THEN kinesis_data ELSE NULL END AS failed_payload
FROM millrace_kinesis.{{identifier streamName}};
