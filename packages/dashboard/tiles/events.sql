-- title: Events per second
-- chart: series
-- By name and by the second of their arrival. Arrival, because event_time is whatever the sender says, and a replayed file says
-- 2015.
SELECT
  event_name,
  DATE_TRUNC('second', approximate_arrival_timestamp) AS arrival_second,
  COUNT(*) AS events
FROM (
  SELECT
    event_name,
    approximate_arrival_timestamp
  FROM public.activity
  WHERE refresh_time > CAST(:since AS TIMESTAMP)
    AND approximate_arrival_timestamp >= CAST(:window_start AS TIMESTAMP)
  UNION ALL
  SELECT
    event_name,
    approximate_arrival_timestamp
  FROM public.web_requests
  WHERE refresh_time > CAST(:since AS TIMESTAMP)
    AND approximate_arrival_timestamp >= CAST(:window_start AS TIMESTAMP)
) AS typed
GROUP BY 1, 2
