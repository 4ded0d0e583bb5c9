-- NPS by week, from responses.parquet: its n, and its 95 % interval, which the API calls adjusted-wald (Rocks 2016).
-- What /scores?every=week says is the same, to the digit. Weeks are those of the site's time zone.
SET TimeZone = 'Europe/Warsaw';
WITH answers AS (
  SELECT date_trunc('week', "at")::DATE AS week, count(*) AS n, count_if(nps >= 9) AS promoters, count_if(nps <= 6) AS detractors
  FROM 'responses.parquet'
  WHERE class = 'live' AND nps IS NOT NULL
  GROUP BY week
), adjusted AS (
  SELECT *, n + 3 AS m, (promoters + 0.75) / (n + 3) AS p, (detractors + 0.75) / (n + 3) AS d FROM answers
)
SELECT week::VARCHAR AS week, n,
  round(100 * (promoters - detractors) / n, 1) AS score,
  round(greatest(-100, 100 * (p - d - 1.959964 * sqrt((p + d - (p - d) ** 2) / m))), 1) AS low,
  round(least(100, 100 * (p - d + 1.959964 * sqrt((p + d - (p - d) ** 2) / m))), 1) AS high
FROM adjusted
ORDER BY week;
