--! after: R__events

-- Generated from the contract of @millrace/events by scripts/write-sql.ts: change the contract, then run that.
-- Every event with the family that its event_name names and its first problem: a rule, and the attribute that breaks it, as in
-- 'out-of-range status'; NULL where there is none. SQL reads an attribute that is missing and one that is null alike: both are 'missing-field'
-- where null is not allowed. Attributes that the contract does not know are no problem here, so that a warehouse can lag behind a producer.
CREATE OR REPLACE VIEW millrace.checked_events AS
SELECT
  n.approximate_arrival_timestamp,
  n.refresh_time,
  n.partition_key,
  n.shard_id,
  n.sequence_number,
  n.event_index,
  n.event,
  n.family,
  CASE
    WHEN NOT COALESCE(IS_OBJECT(n.event), FALSE) THEN 'not-an-object'
    WHEN COALESCE(JSON_TYPEOF(n.event."event_name"), 'null') = 'null' THEN 'missing-field event_name'
    WHEN COALESCE(JSON_TYPEOF(n.event."event_name"), 'null') <> 'string' THEN 'wrong-type event_name'
    WHEN n.family IS NULL THEN 'unknown-event-name event_name'
    WHEN n.family = 'activity' THEN CASE
      WHEN COALESCE(JSON_TYPEOF(n.event."event_id"), 'null') = 'null' THEN 'missing-field event_id'
      WHEN COALESCE(JSON_TYPEOF(n.event."event_id"), 'null') <> 'string' THEN 'wrong-type event_id'
      WHEN NOT COALESCE(OCTET_LENGTH(n.event."event_id"::VARCHAR(65535)) BETWEEN 1 AND 128, FALSE) THEN 'out-of-range event_id'
      WHEN COALESCE(JSON_TYPEOF(n.event."event_time"), 'null') = 'null' THEN 'missing-field event_time'
      WHEN COALESCE(JSON_TYPEOF(n.event."event_time"), 'null') <> 'string' THEN 'wrong-type event_time'
      WHEN NOT COALESCE((n.event."event_time"::VARCHAR(65535) ~ '^(([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29)T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))$' AND STRPOS(n.event."event_time"::VARCHAR(65535), CHR(10)) = 0), FALSE) THEN 'bad-time event_time'
      WHEN COALESCE(JSON_TYPEOF(n.event."user"), 'null') = 'null' THEN 'missing-field user'
      WHEN NOT COALESCE(IS_BIGINT(n.event."user"), FALSE) THEN 'wrong-type user'
      WHEN NOT COALESCE(n.event."user"::BIGINT BETWEEN 0 AND 100, FALSE) THEN 'out-of-range user'
    END
    WHEN n.family = 'web_requests' THEN CASE
      WHEN COALESCE(JSON_TYPEOF(n.event."event_id"), 'null') = 'null' THEN 'missing-field event_id'
      WHEN COALESCE(JSON_TYPEOF(n.event."event_id"), 'null') <> 'string' THEN 'wrong-type event_id'
      WHEN NOT COALESCE(OCTET_LENGTH(n.event."event_id"::VARCHAR(65535)) BETWEEN 1 AND 128, FALSE) THEN 'out-of-range event_id'
      WHEN COALESCE(JSON_TYPEOF(n.event."event_time"), 'null') = 'null' THEN 'missing-field event_time'
      WHEN COALESCE(JSON_TYPEOF(n.event."event_time"), 'null') <> 'string' THEN 'wrong-type event_time'
      WHEN NOT COALESCE((n.event."event_time"::VARCHAR(65535) ~ '^(([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29)T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))$' AND STRPOS(n.event."event_time"::VARCHAR(65535), CHR(10)) = 0), FALSE) THEN 'bad-time event_time'
      WHEN COALESCE(JSON_TYPEOF(n.event."user"), 'null') = 'null' THEN 'missing-field user'
      WHEN COALESCE(JSON_TYPEOF(n.event."user"), 'null') <> 'string' THEN 'wrong-type user'
      WHEN NOT COALESCE(OCTET_LENGTH(n.event."user"::VARCHAR(65535)) BETWEEN 1 AND 256, FALSE) THEN 'out-of-range user'
      WHEN COALESCE(JSON_TYPEOF(n.event."path"), 'null') = 'null' THEN 'missing-field path'
      WHEN COALESCE(JSON_TYPEOF(n.event."path"), 'null') <> 'string' THEN 'wrong-type path'
      WHEN NOT COALESCE(OCTET_LENGTH(n.event."path"::VARCHAR(65535)) BETWEEN 1 AND 65535, FALSE) THEN 'out-of-range path'
      WHEN COALESCE(JSON_TYPEOF(n.event."status"), 'null') = 'null' THEN 'missing-field status'
      WHEN NOT COALESCE(IS_BIGINT(n.event."status"), FALSE) THEN 'wrong-type status'
      WHEN NOT COALESCE(n.event."status"::BIGINT BETWEEN 100 AND 599, FALSE) THEN 'out-of-range status'
      WHEN COALESCE(JSON_TYPEOF(n.event."bytes"), 'null') <> 'null' AND NOT COALESCE(IS_BIGINT(n.event."bytes"), FALSE) THEN 'wrong-type bytes'
      WHEN COALESCE(JSON_TYPEOF(n.event."bytes"), 'null') <> 'null' AND NOT COALESCE(n.event."bytes"::BIGINT BETWEEN 0 AND 9007199254740991, FALSE) THEN 'out-of-range bytes'
      WHEN COALESCE(JSON_TYPEOF(n.event."referrer"), 'null') <> 'null' AND COALESCE(JSON_TYPEOF(n.event."referrer"), 'null') <> 'string' THEN 'wrong-type referrer'
      WHEN COALESCE(JSON_TYPEOF(n.event."referrer"), 'null') <> 'null' AND NOT COALESCE(OCTET_LENGTH(n.event."referrer"::VARCHAR(65535)) BETWEEN 0 AND 65535, FALSE) THEN 'out-of-range referrer'
      WHEN COALESCE(JSON_TYPEOF(n.event."user_agent"), 'null') = 'null' THEN 'missing-field user_agent'
      WHEN COALESCE(JSON_TYPEOF(n.event."user_agent"), 'null') <> 'string' THEN 'wrong-type user_agent'
      WHEN NOT COALESCE(OCTET_LENGTH(n.event."user_agent"::VARCHAR(65535)) BETWEEN 0 AND 65535, FALSE) THEN 'out-of-range user_agent'
    END
  END::VARCHAR(160) AS problem
FROM (
  SELECT
    e.approximate_arrival_timestamp,
    e.refresh_time,
    e.partition_key,
    e.shard_id,
    e.sequence_number,
    e.event_index,
    e.event,
    CASE
      WHEN JSON_TYPEOF(e.event."event_name") = 'string' AND e.event."event_name"::VARCHAR(65535) IN ('JOIN', 'LEAVE', 'OPEN_CHAT', 'SUBSCRIBE', 'SEND_MESSAGE') THEN 'activity'
      WHEN JSON_TYPEOF(e.event."event_name") = 'string' AND e.event."event_name"::VARCHAR(65535) IN ('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'CONNECT', 'TRACE') THEN 'web_requests'
    END::VARCHAR(32) AS family
  FROM millrace.events AS e
) AS n;
