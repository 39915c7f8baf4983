--! after: R__events

-- Generated from the contract of @millrace/events by scripts/write-sql.ts: change the contract, then run that.
-- The events of the family web_requests, one column for each attribute of the contract, then the record that brought them. SQL reads an attribute that is
-- missing and one that is null alike. Attributes that the contract does not know are let through, so that a warehouse can lag behind a producer.
CREATE OR REPLACE VIEW public.web_requests AS
SELECT
  e.event."event_id"::VARCHAR(128) AS event_id,
  CASE WHEN (e.event_time_text ~ '^(([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29)T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))$' AND STRPOS(e.event_time_text, CHR(10)) = 0) THEN (CASE WHEN RIGHT(e.event_time_text, 1) = 'Z' THEN LEFT(LEFT(e.event_time_text, LEN(e.event_time_text) - 1), 26) || 'Z' ELSE LEFT(LEFT(e.event_time_text, LEN(e.event_time_text) - 6), 26) || RIGHT(e.event_time_text, 6) END)::TIMESTAMPTZ AT TIME ZONE 'UTC' END AS event_time,
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
WHERE e.event."event_name"::VARCHAR(65535) IN ('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'CONNECT', 'TRACE')
  AND JSON_TYPEOF(e.event."event_id") = 'string' AND OCTET_LENGTH(e.event."event_id"::VARCHAR(65535)) BETWEEN 1 AND 128
  AND (e.event."event_time"::VARCHAR(65535) ~ '^(([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29)T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))$' AND STRPOS(e.event."event_time"::VARCHAR(65535), CHR(10)) = 0)
  AND JSON_TYPEOF(e.event."user") = 'string' AND OCTET_LENGTH(e.event."user"::VARCHAR(65535)) BETWEEN 1 AND 256
  AND JSON_TYPEOF(e.event."path") = 'string' AND OCTET_LENGTH(e.event."path"::VARCHAR(65535)) BETWEEN 1 AND 65535
  AND IS_BIGINT(e.event."status") AND e.event."status"::BIGINT BETWEEN 100 AND 599
  AND ((COALESCE(JSON_TYPEOF(e.event."bytes"), 'null') = 'null') OR (IS_BIGINT(e.event."bytes") AND e.event."bytes"::BIGINT BETWEEN 0 AND 9007199254740991))
  AND ((COALESCE(JSON_TYPEOF(e.event."referrer"), 'null') = 'null') OR (JSON_TYPEOF(e.event."referrer") = 'string' AND OCTET_LENGTH(e.event."referrer"::VARCHAR(65535)) <= 65535))
  AND JSON_TYPEOF(e.event."user_agent") = 'string' AND OCTET_LENGTH(e.event."user_agent"::VARCHAR(65535)) <= 65535;
