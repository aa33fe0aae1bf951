-- Documents sent to become knowledge: each file on its way, or what became of it.

-- name: add
INSERT INTO source_arrivals (id, agency_id, file_name, size_bytes, salt, status, error_code, details,
    sent_by, ended_at)
VALUES (:id, :agency_id, :file_name, :size_bytes, :salt, :status, :error_code,
    CAST(:details AS jsonb), :who, CASE WHEN :status = 'refused' THEN now() END);
-- name: job
UPDATE source_arrivals SET job_id = :job_id WHERE id = :id;
-- name: get
SELECT a.id, a.agency_id, a.file_name, a.size_bytes, a.salt, a.status, u.login
FROM source_arrivals a JOIN users u ON u.id = a.sent_by WHERE a.id = :id;
-- name: told
SELECT a.id, a.agency_id, a.file_name, a.size_bytes, a.status, a.percent, a.source_id, a.known,
    a.warnings, a.error_code, a.details, a.job_id, a.sent_at, a.ended_at, s.title, s.review,
    s.passages, COALESCE(u.name, cmis_name_of(a.sent_by)) AS sent_by
FROM source_arrivals a LEFT JOIN users u ON u.id = a.sent_by
    LEFT JOIN kb_sources s ON s.id = a.source_id
WHERE CAST(:id AS text) IS NULL OR a.id = :id
ORDER BY a.sent_at DESC, a.file_name, a.id LIMIT :limit;
-- name: step
UPDATE source_arrivals SET status = 'running', percent = :percent
WHERE id = :id AND status IN ('queued', 'running');
-- name: end
UPDATE source_arrivals SET status = :status, percent = :percent, source_id = :source_id,
    known = :known, warnings = CAST(:warnings AS jsonb), error_code = :error_code,
    details = CAST(:details AS jsonb), salt = NULL, ended_at = now()
WHERE id = :id AND status IN ('queued', 'running');
