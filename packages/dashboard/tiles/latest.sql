-- title: Latest events
-- chart: events
SELECT
  approximate_arrival_timestamp,
  event_name,
  user_id,
  path,
  status
FROM (
  SELECT
    approximate_arrival_timestamp,
    event_name,
    CAST(user_id AS VARCHAR(256)) AS user_id,
    CAST(NULL AS VARCHAR(65535)) AS path,
    CAST(NULL AS INTEGER) AS status
  FROM public.activity
  WHERE refresh_time > CAST(:since AS TIMESTAMP)
  UNION ALL
  SELECT
    approximate_arrival_timestamp,
    event_name,
    user_id,
    path,
    status
  FROM public.web_requests
  WHERE refresh_time > CAST(:since AS TIMESTAMP)
) AS typed
ORDER BY approximate_arrival_timestamp DESC
LIMIT 10
