-- What a draft run remembers while it lasts.

-- name: keep_part
INSERT INTO run_parts (run_id, case_id, kind, name, content)
SELECT r.id, r.case_id, :kind, :name, :content FROM draft_runs r
WHERE r.id = :run_id AND r.status IN ('queued', 'running') FOR SHARE
ON CONFLICT (run_id, kind, name) DO UPDATE
    SET content = excluded.content, written_at = clock_timestamp();
-- name: parts
SELECT name, content FROM run_parts WHERE run_id = :run_id AND kind = :kind
ORDER BY written_at, name;
-- name: forget_parts
DELETE FROM run_parts WHERE run_id = :run_id;
-- name: carry_from
UPDATE draft_runs SET carry_from = :version_id WHERE id = :run_id AND carry_from IS NULL;
-- name: carried_version
SELECT v.id, v.case_id, v.number, v.content FROM draft_runs r
JOIN plan_versions v ON v.id = r.carry_from AND v.case_id = r.case_id WHERE r.id = :run_id;
