-- Checks of the whole record: asked for, done by a worker, kept.

-- name: ask
INSERT INTO verifications (id, requested_by) VALUES (:id, :who) ON CONFLICT DO NOTHING;
-- name: job
UPDATE verifications SET job_id = :job_id WHERE id = :id;
-- name: under_way
SELECT id FROM verifications WHERE status IN ('queued', 'running');
-- name: get
SELECT v.id, v.status, v.checked, v.cases, v.report, v.error_code, v.job_id, v.requested_at,
    v.ended_at, cmis_name_of(v.requested_by) AS requested_by
FROM verifications v WHERE v.id = :id;
-- name: newest
SELECT v.id, v.status, v.checked, v.cases, v.report, v.error_code, v.job_id, v.requested_at,
    v.ended_at, cmis_name_of(v.requested_by) AS requested_by
FROM verifications v ORDER BY v.requested_at DESC, v.id LIMIT :limit;
-- name: step
UPDATE verifications SET status = 'running', checked = :checked, cases = :cases
WHERE id = :id AND status IN ('queued', 'running');
-- name: end
UPDATE verifications SET status = :status, report = CAST(:report AS jsonb), checked = :checked,
    cases = :checked, error_code = :error_code, ended_at = now()
WHERE id = :id AND status IN ('queued', 'running');
-- name: readable
SELECT id FROM cases WHERE id = ANY(:ids);
