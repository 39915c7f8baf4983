-- title: Top paths
-- chart: bars
-- order: 3
-- Of one reading the 5,000 most frequent paths: what bounds the answer bounds the server's memory too.
SELECT
  path AS label,
  COUNT(*) AS requests,
  CAST(SUM(bytes) AS BIGINT) AS bytes
FROM public.web_requests
WHERE refresh_time > CAST(:since AS TIMESTAMP)
GROUP BY path
ORDER BY requests DESC, label
LIMIT 5000
