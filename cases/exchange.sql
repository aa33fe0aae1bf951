-- What came in from neighbouring systems and goes out to them.

-- name: imported_before
SELECT c.number FROM case_imports i JOIN cases c ON c.id = i.case_id
WHERE i.agency_id = :agency_id AND i.profile = :profile AND i.external_id = :external_id;
-- name: add_import
INSERT INTO case_imports (id, case_id, agency_id, profile, external_id, row_number, row_sha256,
                          file_sha256, imported_by)
VALUES (:id, :case_id, :agency_id, :profile, :external_id, :row_number, :row_sha256,
        :file_sha256, :imported_by);
-- name: import_of_case
SELECT profile, external_id, row_number, row_sha256, file_sha256, imported_at FROM case_imports
WHERE case_id = :case_id AND profile = :profile;
-- name: imports_of_case
SELECT profile, external_id, row_number, row_sha256, file_sha256, imported_at FROM case_imports
WHERE case_id = :case_id ORDER BY imported_at;
-- name: case_by_number
SELECT id FROM cases WHERE :called IN (id, number);

-- name: registration_of_case
SELECT content FROM entries WHERE case_id = :case_id AND kind = 'registration'
ORDER BY recorded_at DESC, id LIMIT 1;
-- name: announced_events
SELECT e.case_id, c.number, c.agency_id, e.seq, e.at, e.action, e.subject, e.hash
FROM audit_events e JOIN cases c ON c.id = e.case_id
WHERE e.action = ANY (CAST(:actions AS text[])) AND c.agency_id = :agency_id
  AND e.at > now() - make_interval(hours => :hours)
  AND NOT EXISTS (SELECT FROM webhook_deliveries d
                  WHERE d.case_id = e.case_id AND d.seq = e.seq)
ORDER BY e.at, e.case_id, e.seq LIMIT :limit;
-- name: add_delivery
INSERT INTO webhook_deliveries (case_id, seq) VALUES (:case_id, :seq) ON CONFLICT DO NOTHING;
