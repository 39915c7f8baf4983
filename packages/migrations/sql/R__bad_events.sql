--! after: R__checked_events

-- Generated from the contract of @millrace/events by scripts/write-sql.ts: change the contract, then run that.
-- Everything that is no event of the contract, with the reason: elements of millrace.events that no typed view has, and records without any
-- element (event_index NULL). With the typed views it is the whole of the stream: nothing is in two of them, nothing in none.
-- The bytes of a record that is not JSON are in millrace.stream_records.failed_payload, by shard_id and sequence_number.
CREATE OR REPLACE VIEW public.bad_events AS
SELECT
  SPLIT_PART(e.problem, ' ', 1)::VARCHAR(32) AS reason,
  NULLIF(SPLIT_PART(e.problem, ' ', 2), '')::VARCHAR(128) AS field,
  e.approximate_arrival_timestamp,
  e.refresh_time,
  e.partition_key,
  e.shard_id,
  e.sequence_number,
  e.event_index,
  e.event
FROM millrace.checked_events AS e
WHERE e.problem IS NOT NULL
UNION ALL
SELECT
  CASE
    WHEN r.failed_payload IS NOT NULL THEN 'not-json'
    WHEN IS_ARRAY(r.payload) THEN 'empty-array'
    ELSE 'not-an-object'
  END::VARCHAR(32) AS reason,
  NULL::VARCHAR(128) AS field,
  r.approximate_arrival_timestamp,
  r.refresh_time,
  r.partition_key,
  r.shard_id,
  r.sequence_number,
  NULL::INTEGER AS event_index,
  r.payload AS event
FROM millrace.stream_records AS r
WHERE NOT COALESCE(IS_OBJECT(r.payload), FALSE)
  AND COALESCE(CASE WHEN IS_ARRAY(r.payload) THEN GET_ARRAY_LENGTH(r.payload) END, 0) = 0;
