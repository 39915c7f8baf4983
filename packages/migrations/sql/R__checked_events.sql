--! after: R__events

-- Generated from the contract of @millrace/events by scripts/write-sql.ts: change the contract, then run that.
-- The events of millrace.events, each with its times in UTC and with what the contract finds wrong with it: a rule and the attribute that breaks it, as in
-- 'out-of-range status', or NULL. SQL reads an attribute that is missing and one that is null alike. Attributes that the contract does not know are let
-- through, so that a warehouse can lag behind a producer.
CREATE OR REPLACE VIEW millrace.checked_events AS
SELECT
  e.approximate_arrival_timestamp,
  e.refresh_time,
  e.partition_key,
  e.shard_id,
  e.sequence_number,
  e.event_index,
  e.event,
  e.event_time_utc,
  CASE
  WHEN NOT COALESCE(IS_OBJECT(e.event), FALSE) THEN 'not-an-object'
  WHEN (COALESCE(JSON_TYPEOF(e.event."event_name"), 'null') = 'null') THEN 'missing-field event_name'
  WHEN COALESCE(JSON_TYPEOF(e.event."event_name"), 'null') <> 'string' THEN 'wrong-type event_name'
  WHEN e.event."event_name"::VARCHAR(65535) IN ('JOIN', 'LEAVE', 'OPEN_CHAT', 'SUBSCRIBE', 'SEND_MESSAGE') THEN CASE
    WHEN (COALESCE(JSON_TYPEOF(e.event."event_id"), 'null') = 'null') THEN 'missing-field event_id'
    WHEN COALESCE(JSON_TYPEOF(e.event."event_id"), 'null') <> 'string' THEN 'wrong-type event_id'
    WHEN NOT COALESCE(OCTET_LENGTH(e.event."event_id"::VARCHAR(65535)) BETWEEN 1 AND 128, FALSE) THEN 'out-of-range event_id'
    WHEN (COALESCE(JSON_TYPEOF(e.event."event_time"), 'null') = 'null') THEN 'missing-field event_time'
    WHEN COALESCE(JSON_TYPEOF(e.event."event_time"), 'null') <> 'string' THEN 'wrong-type event_time'
    WHEN e.event_time_utc IS NULL THEN 'bad-time event_time'
    WHEN (COALESCE(JSON_TYPEOF(e.event."user"), 'null') = 'null') THEN 'missing-field user'
    WHEN NOT COALESCE(IS_BIGINT(e.event."user"), FALSE) THEN 'wrong-type user'
    WHEN NOT COALESCE(e.event."user"::BIGINT BETWEEN 0 AND 100, FALSE) THEN 'out-of-range user'
  END
  WHEN e.event."event_name"::VARCHAR(65535) IN ('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'CONNECT', 'TRACE') THEN CASE
    WHEN (COALESCE(JSON_TYPEOF(e.event."event_id"), 'null') = 'null') THEN 'missing-field event_id'
    WHEN COALESCE(JSON_TYPEOF(e.event."event_id"), 'null') <> 'string' THEN 'wrong-type event_id'
    WHEN NOT COALESCE(OCTET_LENGTH(e.event."event_id"::VARCHAR(65535)) BETWEEN 1 AND 128, FALSE) THEN 'out-of-range event_id'
    WHEN (COALESCE(JSON_TYPEOF(e.event."event_time"), 'null') = 'null') THEN 'missing-field event_time'
    WHEN COALESCE(JSON_TYPEOF(e.event."event_time"), 'null') <> 'string' THEN 'wrong-type event_time'
    WHEN e.event_time_utc IS NULL THEN 'bad-time event_time'
    WHEN (COALESCE(JSON_TYPEOF(e.event."user"), 'null') = 'null') THEN 'missing-field user'
    WHEN COALESCE(JSON_TYPEOF(e.event."user"), 'null') <> 'string' THEN 'wrong-type user'
    WHEN NOT COALESCE(OCTET_LENGTH(e.event."user"::VARCHAR(65535)) BETWEEN 1 AND 256, FALSE) THEN 'out-of-range user'
    WHEN (COALESCE(JSON_TYPEOF(e.event."path"), 'null') = 'null') THEN 'missing-field path'
    WHEN COALESCE(JSON_TYPEOF(e.event."path"), 'null') <> 'string' THEN 'wrong-type path'
    WHEN NOT COALESCE(OCTET_LENGTH(e.event."path"::VARCHAR(65535)) BETWEEN 1 AND 65535, FALSE) THEN 'out-of-range path'
    WHEN (COALESCE(JSON_TYPEOF(e.event."status"), 'null') = 'null') THEN 'missing-field status'
    WHEN NOT COALESCE(IS_BIGINT(e.event."status"), FALSE) THEN 'wrong-type status'
    WHEN NOT COALESCE(e.event."status"::BIGINT BETWEEN 100 AND 599, FALSE) THEN 'out-of-range status'
    WHEN NOT (COALESCE(JSON_TYPEOF(e.event."bytes"), 'null') = 'null') AND NOT COALESCE(IS_BIGINT(e.event."bytes"), FALSE) THEN 'wrong-type bytes'
    WHEN NOT (COALESCE(JSON_TYPEOF(e.event."bytes"), 'null') = 'null') AND NOT COALESCE(e.event."bytes"::BIGINT BETWEEN 0 AND 9007199254740991, FALSE) THEN 'out-of-range bytes'
    WHEN NOT (COALESCE(JSON_TYPEOF(e.event."referrer"), 'null') = 'null') AND COALESCE(JSON_TYPEOF(e.event."referrer"), 'null') <> 'string' THEN 'wrong-type referrer'
    WHEN NOT (COALESCE(JSON_TYPEOF(e.event."referrer"), 'null') = 'null') AND NOT COALESCE(OCTET_LENGTH(e.event."referrer"::VARCHAR(65535)) <= 65535, FALSE) THEN 'out-of-range referrer'
    WHEN (COALESCE(JSON_TYPEOF(e.event."user_agent"), 'null') = 'null') THEN 'missing-field user_agent'
    WHEN COALESCE(JSON_TYPEOF(e.event."user_agent"), 'null') <> 'string' THEN 'wrong-type user_agent'
    WHEN NOT COALESCE(OCTET_LENGTH(e.event."user_agent"::VARCHAR(65535)) <= 65535, FALSE) THEN 'out-of-range user_agent'
  END
  ELSE 'unknown-event-name event_name'
  END::VARCHAR(160) AS problem
FROM (
  SELECT
    t.approximate_arrival_timestamp,
    t.refresh_time,
    t.partition_key,
    t.shard_id,
    t.sequence_number,
    t.event_index,
    t.event,
    CASE WHEN (t.event_time_text ~ '^(([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29)T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))$' AND STRPOS(t.event_time_text, CHR(10)) = 0) THEN (CASE WHEN RIGHT(t.event_time_text, 1) = 'Z' THEN LEFT(LEFT(t.event_time_text, LEN(t.event_time_text) - 1), 26) || 'Z' ELSE LEFT(LEFT(t.event_time_text, LEN(t.event_time_text) - 6), 26) || RIGHT(t.event_time_text, 6) END)::TIMESTAMPTZ AT TIME ZONE 'UTC' END AS event_time_utc
  FROM (
    SELECT
      r.approximate_arrival_timestamp,
      r.refresh_time,
      r.partition_key,
      r.shard_id,
      r.sequence_number,
      r.event_index,
      r.event,
      r.event."event_time"::VARCHAR(65535) AS event_time_text
    FROM millrace.events AS r
  ) AS t
) AS e;
