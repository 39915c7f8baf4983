-- title: Quarantine
-- chart: quarantine
-- order: 4
SELECT
  reason || COALESCE(' ' || field, '') AS reason,
  COUNT(*) AS events,
  MAX(approximate_arrival_timestamp) AS newest
FROM public.bad_events
WHERE refresh_time > CAST(:since AS TIMESTAMP)
GROUP BY 1
