-- name: ask
INSERT INTO sign_offs (id, case_id, kind, subject_id, content_hash, two_people, requested_by,
                       requested_name)
VALUES (:id, :case_id, :kind, :subject_id, :content_hash, true, :who, :name)
ON CONFLICT (kind, subject_id, content_hash) DO NOTHING;
-- name: get
SELECT id, case_id, kind, subject_id, content_hash, two_people, requested_by, requested_name,
    requested_at, verdict, comment, decided_name, decided_at
FROM sign_offs WHERE id = :id;
-- name: requests
WITH named AS MATERIALIZED (
    SELECT * FROM cmis_acted(CAST(:case_id AS text), 'sign_offs')
    UNION SELECT * FROM cmis_acted(CAST(:case_id AS text), 'documents'))
SELECT * FROM (
    SELECT s.id, s.case_id, c.number, s.kind, s.subject_id, s.content_hash, s.two_people,
        s.requested_name, s.requested_at, s.verdict, s.comment, s.decided_name, s.decided_at,
        r.agency_id AS requested_agency, d.agency_id AS decided_agency,
        s.verdict IS NULL AND :signs AND c.agency_id = :agency
            AND NOT (s.two_people AND (s.requested_by = :who OR :who IN (
                SELECT recorded_by FROM entries WHERE s.kind = 'closure' AND id = s.subject_id
                UNION ALL SELECT created_by FROM document_versions
                WHERE s.kind = 'document' AND id = s.subject_id
                UNION ALL SELECT sent_by FROM referrals
                WHERE s.kind IN ('disclosure', 'transfer') AND id = s.subject_id))) AS may_decide
    FROM sign_offs s JOIN cases c ON c.id = s.case_id
    LEFT JOIN named r ON r.id = s.requested_by
    LEFT JOIN named d ON d.id = s.decided_by
    WHERE s.case_id = :case_id OR (CAST(:case_id AS text) IS NULL AND s.verdict IS NULL)) asked
WHERE may_decide OR CAST(:case_id AS text) IS NOT NULL
ORDER BY requested_at, id LIMIT CAST(:limit AS integer);
-- name: decide
UPDATE sign_offs SET verdict = :verdict, comment = :comment, decided_by = :who,
    decided_name = :name, decided_at = clock_timestamp()
WHERE id = :id;
