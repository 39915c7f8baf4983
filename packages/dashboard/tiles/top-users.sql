-- title: Top users
-- chart: bars
-- order: 2
-- Of one reading the 5,000 most frequent users: what bounds the answer bounds the server's memory too.
SELECT
  label,
  COUNT(*) AS events
FROM (
  SELECT 'user ' || CAST(user_id AS VARCHAR(16)) AS label
  FROM public.activity
  WHERE refresh_time > CAST(:since AS TIMESTAMP)
  UNION ALL
  SELECT user_id AS label
  FROM public.web_requests
  WHERE refresh_time > CAST(:since AS TIMESTAMP)
) AS typed
GROUP BY label
ORDER BY events DESC, label
LIMIT 5000
