-- title: Web requests by status
-- chart: statuses
-- order: 1
SELECT
  status,
  COUNT(*) AS requests
FROM public.web_requests
WHERE refresh_time > CAST(:since AS TIMESTAMP)
GROUP BY status
