--! after: R__checked_events

-- Generated from the contract of @millrace/events by scripts/write-sql.ts: change the contract, then run that.
-- The events of the family web_requests, one column for each attribute of the contract, then the record that brought them.
CREATE OR REPLACE VIEW public.web_requests AS
SELECT
  e.event."event_id"::VARCHAR(128) AS event_id,
  e.event_time_utc AS event_time,
  e.event."event_name"::VARCHAR(64) AS event_name,
  e.event."user"::VARCHAR(256) AS user_id,
  e.event."path"::VARCHAR(65535) AS path,
  e.event."status"::INTEGER AS status,
  e.event."bytes"::BIGINT AS bytes,
  e.event."referrer"::VARCHAR(65535) AS referrer,
  e.event."user_agent"::VARCHAR(65535) AS user_agent,
  e.approximate_arrival_timestamp,
  e.refresh_time,
  e.shard_id,
  e.sequence_number,
  e.event_index
FROM millrace.checked_events AS e
WHERE e.event."event_name"::VARCHAR(65535) IN ('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'CONNECT', 'TRACE')
  AND e.problem IS NULL;
