-- Statements of the runs of evaluations.

-- name: add_evaluation
INSERT INTO evaluation_runs (id, experiment, family, options, requested_by)
VALUES (:id, :experiment, :family, CAST(:options AS jsonb), :who);
-- name: evaluation_job
UPDATE evaluation_runs SET job_id = :job_id WHERE id = :id;
-- name: get_evaluation
SELECT id, experiment, family, options, status, step, percent, document, folder, report_sha256,
    error_code, job_id, created_at, updated_at
FROM evaluation_runs WHERE id = :id;
-- name: list_evaluations
SELECT id, experiment, family, options, status, step, percent, NULL AS document, folder,
    report_sha256, error_code, job_id, created_at, updated_at
FROM evaluation_runs ORDER BY created_at DESC, id LIMIT :limit;
-- name: evaluation_step
UPDATE evaluation_runs SET status = 'running', step = :step, percent = :percent, updated_at = now()
WHERE id = :id AND status IN ('queued', 'running');
-- name: evaluation_end
UPDATE evaluation_runs SET status = :status, step = :status, error_code = :error_code,
    document = CAST(:document AS jsonb), folder = :folder, report_sha256 = :report_sha256,
    percent = CASE WHEN :status = 'done' THEN 100 ELSE percent END, updated_at = now()
WHERE id = :id AND status IN ('queued', 'running');
