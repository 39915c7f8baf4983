--! after: R__checked_events

-- Generated from the contract of @millrace/events by scripts/write-sql.ts: change the contract, then run that.
-- The events of the family activity, one column for each attribute of the contract, then the record that brought them.
CREATE OR REPLACE VIEW public.activity AS
SELECT
  e.event."event_id"::VARCHAR(128) AS event_id,
  e.event_time_utc AS event_time,
  e.event."event_name"::VARCHAR(64) AS event_name,
  e.event."user"::INTEGER AS user_id,
  e.approximate_arrival_timestamp,
  e.refresh_time,
  e.shard_id,
  e.sequence_number,
  e.event_index
FROM millrace.checked_events AS e
WHERE e.event."event_name"::VARCHAR(65535) IN ('JOIN', 'LEAVE', 'OPEN_CHAT', 'SUBSCRIBE', 'SEND_MESSAGE')
  AND e.problem IS NULL;
