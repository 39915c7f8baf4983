-- One row for each event of a record: a record that is an object is one event, an array has one for each element, whatever those are. Records
-- that are not JSON, no object and no array, or an empty array, have none: public.bad_events has them.
-- Source: Redshift developer guide, querying semistructured data (unnesting with AT).
CREATE OR REPLACE VIEW millrace.events AS
SELECT
  r.approximate_arrival_timestamp,
  r.refresh_time,
  r.partition_key,
  r.shard_id,
  r.sequence_number,
  0::INTEGER AS event_index,
  r.payload AS event
FROM millrace.stream_records AS r
WHERE IS_OBJECT(r.payload)
UNION ALL
SELECT
  r.approximate_arrival_timestamp,
  r.refresh_time,
  r.partition_key,
  r.shard_id,
  r.sequence_number,
  element_index::INTEGER AS event_index,
  element AS event
FROM millrace.stream_records AS r, r.payload AS element AT element_index
WHERE IS_ARRAY(r.payload);
