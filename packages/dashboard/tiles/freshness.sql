-- title: Freshness
-- chart: freshness
-- From a record's arrival in the stream to the start of the refresh that loaded it, in steps of 10 ms; the server adds how long
-- that refresh took to commit. Negative where a record arrived while its refresh was already running.
SELECT
  refresh_time,
  CAST(FLOOR(DATEDIFF(millisecond, approximate_arrival_timestamp, refresh_time) / 10.0) * 10 AS BIGINT) AS lag_ms,
  COUNT(*) AS records
FROM millrace.stream_records
WHERE refresh_time > CAST(:since AS TIMESTAMP)
  AND refresh_time >= CAST(:recent_start AS TIMESTAMP)
GROUP BY 1, 2
