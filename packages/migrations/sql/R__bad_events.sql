--! after: R__events

-- Generated from the contract of @millrace/events by scripts/write-sql.ts: change the contract, then run that.
-- Everything that is no event of the contract, with the reason: elements of millrace.events that no typed view has, and records without any
-- element (event_index NULL). With the typed views it is the whole of the stream: nothing is in two of them, nothing in none.
-- The bytes of a record that is not JSON are in millrace.stream_records.failed_payload, by shard_id and sequence_number.
CREATE OR REPLACE VIEW public.bad_events AS
SELECT
  SPLIT_PART(b.problem, ' ', 1)::VARCHAR(32) AS reason,
  NULLIF(SPLIT_PART(b.problem, ' ', 2), '')::VARCHAR(128) AS field,
  b.approximate_arrival_timestamp,
  b.refresh_time,
  b.partition_key,
  b.shard_id,
  b.sequence_number,
  b.event_index,
  b.event
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
    WHEN NOT COALESCE(IS_OBJECT(e.event), FALSE) THEN 'not-an-object'
    WHEN (COALESCE(JSON_TYPEOF(e.event."event_name"), 'null') = 'null') THEN 'missing-field event_name'
    WHEN COALESCE(JSON_TYPEOF(e.event."event_name"), 'null') <> 'string' THEN 'wrong-type event_name'
    WHEN e.event."event_name"::VARCHAR(65535) IN ('JOIN', 'LEAVE', 'OPEN_CHAT', 'SUBSCRIBE', 'SEND_MESSAGE') THEN CASE
      WHEN (COALESCE(JSON_TYPEOF(e.event."event_id"), 'null') = 'null') THEN 'missing-field event_id'
      WHEN COALESCE(JSON_TYPEOF(e.event."event_id"), 'null') <> 'string' THEN 'wrong-type event_id'
      WHEN NOT COALESCE(JSON_TYPEOF(e.event."event_id") = 'string' AND OCTET_LENGTH(e.event."event_id"::VARCHAR(65535)) BETWEEN 1 AND 128, FALSE) THEN 'out-of-range event_id'
      WHEN (COALESCE(JSON_TYPEOF(e.event."event_time"), 'null') = 'null') THEN 'missing-field event_time'
      WHEN COALESCE(JSON_TYPEOF(e.event."event_time"), 'null') <> 'string' THEN 'wrong-type event_time'
      WHEN NOT COALESCE((e.event."event_time"::VARCHAR(65535) ~ '^(([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29)T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))$' AND STRPOS(e.event."event_time"::VARCHAR(65535), CHR(10)) = 0), FALSE) THEN 'bad-time event_time'
      WHEN (COALESCE(JSON_TYPEOF(e.event."user"), 'null') = 'null') THEN 'missing-field user'
      WHEN NOT COALESCE(IS_BIGINT(e.event."user"), FALSE) THEN 'wrong-type user'
      WHEN NOT COALESCE(IS_BIGINT(e.event."user") AND e.event."user"::BIGINT BETWEEN 0 AND 100, FALSE) THEN 'out-of-range user'
    END
    WHEN e.event."event_name"::VARCHAR(65535) IN ('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'CONNECT', 'TRACE') THEN CASE
      WHEN (COALESCE(JSON_TYPEOF(e.event."event_id"), 'null') = 'null') THEN 'missing-field event_id'
      WHEN COALESCE(JSON_TYPEOF(e.event."event_id"), 'null') <> 'string' THEN 'wrong-type event_id'
      WHEN NOT COALESCE(JSON_TYPEOF(e.event."event_id") = 'string' AND OCTET_LENGTH(e.event."event_id"::VARCHAR(65535)) BETWEEN 1 AND 128, FALSE) THEN 'out-of-range event_id'
      WHEN (COALESCE(JSON_TYPEOF(e.event."event_time"), 'null') = 'null') THEN 'missing-field event_time'
      WHEN COALESCE(JSON_TYPEOF(e.event."event_time"), 'null') <> 'string' THEN 'wrong-type event_time'
      WHEN NOT COALESCE((e.event."event_time"::VARCHAR(65535) ~ '^(([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29)T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))$' AND STRPOS(e.event."event_time"::VARCHAR(65535), CHR(10)) = 0), FALSE) THEN 'bad-time event_time'
      WHEN (COALESCE(JSON_TYPEOF(e.event."user"), 'null') = 'null') THEN 'missing-field user'
      WHEN COALESCE(JSON_TYPEOF(e.event."user"), 'null') <> 'string' THEN 'wrong-type user'
      WHEN NOT COALESCE(JSON_TYPEOF(e.event."user") = 'string' AND OCTET_LENGTH(e.event."user"::VARCHAR(65535)) BETWEEN 1 AND 256, FALSE) THEN 'out-of-range user'
      WHEN (COALESCE(JSON_TYPEOF(e.event."path"), 'null') = 'null') THEN 'missing-field path'
      WHEN COALESCE(JSON_TYPEOF(e.event."path"), 'null') <> 'string' THEN 'wrong-type path'
      WHEN NOT COALESCE(JSON_TYPEOF(e.event."path") = 'string' AND OCTET_LENGTH(e.event."path"::VARCHAR(65535)) BETWEEN 1 AND 65535, FALSE) THEN 'out-of-range path'
      WHEN (COALESCE(JSON_TYPEOF(e.event."status"), 'null') = 'null') THEN 'missing-field status'
      WHEN NOT COALESCE(IS_BIGINT(e.event."status"), FALSE) THEN 'wrong-type status'
      WHEN NOT COALESCE(IS_BIGINT(e.event."status") AND e.event."status"::BIGINT BETWEEN 100 AND 599, FALSE) THEN 'out-of-range status'
      WHEN NOT (COALESCE(JSON_TYPEOF(e.event."bytes"), 'null') = 'null') AND NOT COALESCE(IS_BIGINT(e.event."bytes"), FALSE) THEN 'wrong-type bytes'
      WHEN NOT COALESCE(((COALESCE(JSON_TYPEOF(e.event."bytes"), 'null') = 'null') OR (IS_BIGINT(e.event."bytes") AND e.event."bytes"::BIGINT BETWEEN 0 AND 9007199254740991)), FALSE) THEN 'out-of-range bytes'
      WHEN NOT (COALESCE(JSON_TYPEOF(e.event."referrer"), 'null') = 'null') AND COALESCE(JSON_TYPEOF(e.event."referrer"), 'null') <> 'string' THEN 'wrong-type referrer'
      WHEN NOT COALESCE(((COALESCE(JSON_TYPEOF(e.event."referrer"), 'null') = 'null') OR (JSON_TYPEOF(e.event."referrer") = 'string' AND OCTET_LENGTH(e.event."referrer"::VARCHAR(65535)) <= 65535)), FALSE) THEN 'out-of-range referrer'
      WHEN (COALESCE(JSON_TYPEOF(e.event."user_agent"), 'null') = 'null') THEN 'missing-field user_agent'
      WHEN COALESCE(JSON_TYPEOF(e.event."user_agent"), 'null') <> 'string' THEN 'wrong-type user_agent'
      WHEN NOT COALESCE(JSON_TYPEOF(e.event."user_agent") = 'string' AND OCTET_LENGTH(e.event."user_agent"::VARCHAR(65535)) <= 65535, FALSE) THEN 'out-of-range user_agent'
    END
    ELSE 'unknown-event-name event_name'
    END::VARCHAR(160) AS problem
  FROM millrace.events AS e
  WHERE CASE
    WHEN e.event."event_name"::VARCHAR(65535) IN ('JOIN', 'LEAVE', 'OPEN_CHAT', 'SUBSCRIBE', 'SEND_MESSAGE') THEN NOT COALESCE(JSON_TYPEOF(e.event."event_id") = 'string' AND OCTET_LENGTH(e.event."event_id"::VARCHAR(65535)) BETWEEN 1 AND 128
      AND (e.event."event_time"::VARCHAR(65535) ~ '^(([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29)T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))$' AND STRPOS(e.event."event_time"::VARCHAR(65535), CHR(10)) = 0)
      AND IS_BIGINT(e.event."user") AND e.event."user"::BIGINT BETWEEN 0 AND 100, FALSE)
    WHEN e.event."event_name"::VARCHAR(65535) IN ('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'CONNECT', 'TRACE') THEN NOT COALESCE(JSON_TYPEOF(e.event."event_id") = 'string' AND OCTET_LENGTH(e.event."event_id"::VARCHAR(65535)) BETWEEN 1 AND 128
      AND (e.event."event_time"::VARCHAR(65535) ~ '^(([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29)T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))$' AND STRPOS(e.event."event_time"::VARCHAR(65535), CHR(10)) = 0)
      AND JSON_TYPEOF(e.event."user") = 'string' AND OCTET_LENGTH(e.event."user"::VARCHAR(65535)) BETWEEN 1 AND 256
      AND JSON_TYPEOF(e.event."path") = 'string' AND OCTET_LENGTH(e.event."path"::VARCHAR(65535)) BETWEEN 1 AND 65535
      AND IS_BIGINT(e.event."status") AND e.event."status"::BIGINT BETWEEN 100 AND 599
      AND ((COALESCE(JSON_TYPEOF(e.event."bytes"), 'null') = 'null') OR (IS_BIGINT(e.event."bytes") AND e.event."bytes"::BIGINT BETWEEN 0 AND 9007199254740991))
      AND ((COALESCE(JSON_TYPEOF(e.event."referrer"), 'null') = 'null') OR (JSON_TYPEOF(e.event."referrer") = 'string' AND OCTET_LENGTH(e.event."referrer"::VARCHAR(65535)) <= 65535))
      AND JSON_TYPEOF(e.event."user_agent") = 'string' AND OCTET_LENGTH(e.event."user_agent"::VARCHAR(65535)) <= 65535, FALSE)
    ELSE TRUE
  END
) AS b
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
