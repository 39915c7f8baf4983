--! after: R__events

-- Generated from the contract of @millrace/events by scripts/write-sql.ts: change the contract, then run that.
-- The events of the family activity, one column for each attribute of the contract, then the record that brought them. SQL reads an attribute that is
-- missing and one that is null alike. Attributes that the contract does not know are let through, so that a warehouse can lag behind a producer.
CREATE OR REPLACE VIEW public.activity AS
SELECT
  e.event."event_id"::VARCHAR(128) AS event_id,
  CASE WHEN (e.event_time_text ~ '^(([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29)T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))$' AND STRPOS(e.event_time_text, CHR(10)) = 0) THEN (CASE WHEN RIGHT(e.event_time_text, 1) = 'Z' THEN LEFT(LEFT(e.event_time_text, LEN(e.event_time_text) - 1), 26) || 'Z' ELSE LEFT(LEFT(e.event_time_text, LEN(e.event_time_text) - 6), 26) || RIGHT(e.event_time_text, 6) END)::TIMESTAMPTZ AT TIME ZONE 'UTC' END AS event_time,
  e.event."event_name"::VARCHAR(64) AS event_name,
  e.event."user"::INTEGER AS user_id,
  e.approximate_arrival_timestamp,
  e.refresh_time,
  e.shard_id,
  e.sequence_number,
  e.event_index
FROM (
  SELECT
    r.approximate_arrival_timestamp,
    r.refresh_time,
    r.shard_id,
    r.sequence_number,
    r.event_index,
    r.event,
    r.event."event_time"::VARCHAR(65535) AS event_time_text
  FROM millrace.events AS r
) AS e
WHERE e.event."event_name"::VARCHAR(65535) IN ('JOIN', 'LEAVE', 'OPEN_CHAT', 'SUBSCRIBE', 'SEND_MESSAGE')
  AND JSON_TYPEOF(e.event."event_id") = 'string' AND OCTET_LENGTH(e.event."event_id"::VARCHAR(65535)) BETWEEN 1 AND 128
  AND (e.event."event_time"::VARCHAR(65535) ~ '^(([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29)T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))$' AND STRPOS(e.event."event_time"::VARCHAR(65535), CHR(10)) = 0)
  AND IS_BIGINT(e.event."user") AND e.event."user"::BIGINT BETWEEN 0 AND 100;
