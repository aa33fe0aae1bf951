-- A person's cases in numbers; row-level security decides which cases are counted.

-- name: caseload
SELECT status, urgency, count(*) AS cases FROM cases GROUP BY status, urgency;
-- name: due
SELECT (d.due AT TIME ZONE 'Asia/Bangkok')::date AS day, count(*) AS deadlines,
    count(*) FILTER (WHERE d.statutory) AS statutory
FROM deadlines d JOIN cases c ON c.id = d.case_id
WHERE d.status = 'open' AND d.due >= now() - make_interval(days => :behind)
    AND d.due < now() + make_interval(days => :ahead)
GROUP BY day ORDER BY day;
-- name: codes
SELECT coalesce(a.region, '') AS region, to_char(c.received_at AT TIME ZONE 'Asia/Bangkok', 'YYYY-MM') AS month,
    found.code, count(*) AS cases
FROM cases c JOIN agencies a ON a.id = c.agency_id
JOIN LATERAL (SELECT content FROM codings WHERE codings.case_id = c.id
    ORDER BY created_at DESC, id LIMIT 1) newest ON true
JOIN LATERAL (SELECT DISTINCT one ->> 'code' AS code
    FROM jsonb_array_elements(newest.content -> 'codes') one) found ON true
WHERE c.received_at >= now() - make_interval(months => :months)
GROUP BY region, month, found.code;
-- name: agreement
SELECT newest.code, count(*) FILTER (WHERE newest.decision = 'accepted') AS accepted,
    count(*) FILTER (WHERE newest.decision = 'removed') AS removed,
    count(*) FILTER (WHERE newest.decision = 'added') AS added
FROM (SELECT DISTINCT ON (case_id, code) code, decision FROM code_decisions
      ORDER BY case_id, code, id DESC) newest
GROUP BY newest.code;
-- name: edits
SELECT a.approved_at AS at, c.number AS case, v.number AS version,
    round(e.distance::numeric / greatest(e.characters, 1), 4)::float8 AS changed
FROM (SELECT version_id, approved_at FROM approvals ORDER BY approved_at DESC LIMIT :most) a
JOIN plan_edits e ON e.version_id = a.version_id JOIN plan_versions v ON v.id = a.version_id
JOIN cases c ON c.id = v.case_id
ORDER BY a.approved_at;
