-- What was chosen beside which score, from responses.parquet: n and NPS by each choice of the question "reason".
SELECT reason, count(*) AS n, round(100 * (count_if(nps >= 9) - count_if(nps <= 6)) / count(*), 1) AS score
FROM 'responses.parquet'
WHERE class = 'live' AND nps IS NOT NULL AND reason IS NOT NULL
GROUP BY reason
ORDER BY score;
