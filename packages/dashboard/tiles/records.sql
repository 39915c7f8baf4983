-- title: In the warehouse
-- chart: total
-- Rows of the streaming view and the furthest position, per shard. Sequence numbers have more digits than DECIMAL(38) holds,
-- so they compare as text padded on the left.
SELECT
  TRIM(shard_id) AS shard_id,
  COUNT(*) AS records,
  MAX(LPAD(sequence_number, 128, '0')) AS last_position,
  MAX(refresh_time) AS last_refresh
FROM millrace.stream_records
WHERE refresh_time > CAST(:since AS TIMESTAMP)
GROUP BY TRIM(shard_id)
