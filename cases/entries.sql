-- name: add_entry
INSERT INTO entries (id, case_id, kind, content, content_hash, agency_id, recorded_by,
                     recorded_name, recorded_at)
VALUES (:id, :case_id, :kind, CAST(:content AS jsonb), :content_hash, :agency_id, :who, :name,
        clock_timestamp());
-- name: of_case
SELECT id, kind, content, content_hash, agency_id, recorded_name, recorded_at FROM entries
WHERE case_id = :case_id ORDER BY recorded_at, id;
-- name: get_entry
SELECT id, case_id, kind, content, content_hash, agency_id, recorded_name, recorded_at FROM entries
WHERE id = :id;
-- name: standing
SELECT cmis_standing(:case_id);
-- name: viewer
SELECT cmis_relation(:case_id) AS relation,
    (SELECT kind FROM agencies WHERE id = cmis_agency_id()) AS kind,
    (SELECT profession FROM users WHERE id = cmis_user_id()) AS profession;
