--! after: R__checked_events

-- Everything that is no event of the contract, with the reason: elements of millrace.events that no typed view has, and records without any
-- element (event_index NULL). With the typed views it is the whole of the stream: nothing is in two of them, nothing in none.
-- The bytes of a record that is not JSON are in millrace.stream_records.failed_payload, by shard_id and sequence_number.
CREATE OR REPLACE VIEW public.bad_events AS
SELECT
  SPLIT_PART(c.problem, ' ', 1)::VARCHAR(32) AS reason,
  NULLIF(SPLIT_PART(c.problem, ' ', 2), '')::VARCHAR(128) AS field,
  c.approximate_arrival_timestamp,
  c.refresh_time,
  c.partition_key,
  c.shard_id,
  c.sequence_number,
  c.event_index,
  c.event
FROM millrace.checked_events AS c
WHERE c.problem IS NOT NULL
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
