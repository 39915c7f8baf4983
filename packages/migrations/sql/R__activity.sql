--! after: R__checked_events

-- Generated from the contract of @millrace/events by scripts/write-sql.ts: change the contract, then run that.
-- The events of the family activity, one column for each attribute of the contract, then the record that brought them.
CREATE OR REPLACE VIEW public.activity AS
SELECT
  c.event."event_id"::VARCHAR(128) AS event_id,
  CASE WHEN (c.event."event_time"::VARCHAR(65535) ~ '^(([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29)T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))$' AND STRPOS(c.event."event_time"::VARCHAR(65535), CHR(10)) = 0) THEN (CASE WHEN RIGHT(c.event."event_time"::VARCHAR(65535), 1) = 'Z' THEN LEFT(LEFT(c.event."event_time"::VARCHAR(65535), LEN(c.event."event_time"::VARCHAR(65535)) - 1), 26) || 'Z' ELSE LEFT(LEFT(c.event."event_time"::VARCHAR(65535), LEN(c.event."event_time"::VARCHAR(65535)) - 6), 26) || RIGHT(c.event."event_time"::VARCHAR(65535), 6) END)::TIMESTAMPTZ AT TIME ZONE 'UTC' END AS event_time,
  c.event."event_name"::VARCHAR(64) AS event_name,
  c.event."user"::INTEGER AS user_id,
  c.approximate_arrival_timestamp,
  c.refresh_time,
  c.shard_id,
  c.sequence_number,
  c.event_index
FROM millrace.checked_events AS c
WHERE c.family = 'activity'
  AND c.problem IS NULL;
