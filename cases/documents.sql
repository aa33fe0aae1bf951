-- Documents of a case, their versions and custody.

-- name: add_document
INSERT INTO documents (id, case_id, type_id, title, hidden_from, created_by)
VALUES (:id, :case_id, :type_id, :title, CAST(:hidden_from AS text[]), :created_by);
-- name: get_document
SELECT d.id, d.case_id, d.type_id, d.title, d.created_at,
    cmis_changes_document(d.id) AS may_change
FROM documents d WHERE d.id = :id;
-- name: lock_document
SELECT pg_advisory_xact_lock(hashtextextended(:id, 3));
-- name: documents_of_case
SELECT d.id, d.case_id, d.type_id, d.title, d.created_at,
    cmis_changes_document(d.id) AS may_change
FROM documents d WHERE d.case_id = :case_id ORDER BY d.created_at, d.id;
-- name: add_document_version
INSERT INTO document_versions (id, case_id, document_id, number, origin, file_name, media_type,
                               size_bytes, sha256, scan, created_by)
VALUES (:id, :case_id, :document_id,
    (SELECT coalesce(max(number), 0) + 1 FROM document_versions WHERE document_id = :document_id),
    :origin, :file_name, :media_type, :size_bytes, :sha256, :scan, :created_by);
-- name: add_document_key
INSERT INTO document_keys (version_id, case_id, salt) VALUES (:version_id, :case_id, :salt);
-- name: versions_of_document
SELECT v.id, v.document_id, v.number, v.origin, v.file_name, v.media_type, v.size_bytes, v.sha256,
    v.scan, v.created_at, u.name AS by_name, u.agency_id AS by_agency
FROM document_versions v LEFT JOIN cmis_acted(
    (SELECT case_id FROM documents WHERE id = :document_id), 'documents') u ON u.id = v.created_by
WHERE v.document_id = :document_id ORDER BY v.number;
-- name: all_versions
SELECT v.id, v.document_id, v.number, v.origin, v.file_name, v.media_type, v.size_bytes, v.sha256,
    v.scan, v.created_at, u.name AS by_name, u.agency_id AS by_agency
FROM document_versions v LEFT JOIN cmis_acted(:case_id, 'documents') u ON u.id = v.created_by
WHERE v.case_id = :case_id ORDER BY v.number;
-- name: all_custody
SELECT c.document_id, c.id, c.version_id, c.act, c.party, c.note, c.done_by, c.done_at AS at,
    u.name AS by_name, u.agency_id AS by_agency
FROM document_custody c LEFT JOIN cmis_acted(:case_id, 'documents') u ON u.id = c.done_by
WHERE c.case_id = :case_id ORDER BY c.done_at, c.id;
-- name: document_versions_of_case
SELECT v.id, v.document_id, v.sha256, v.size_bytes, k.salt
FROM document_versions v LEFT JOIN document_keys k ON k.version_id = v.id
WHERE v.case_id = :case_id ORDER BY v.id;
-- name: get_document_version
SELECT v.id, v.case_id, v.document_id, v.number, v.file_name, v.media_type, v.size_bytes,
    v.sha256, k.salt, d.type_id, d.title
FROM document_versions v JOIN documents d ON d.id = v.document_id
LEFT JOIN document_keys k ON k.version_id = v.id WHERE v.id = :id;
-- name: add_custody
INSERT INTO document_custody (id, case_id, document_id, version_id, act, party, note, done_by)
VALUES (:id, :case_id, :document_id, :version_id, :act, :party, :note, :done_by);
-- name: custody_of_document
SELECT c.id, c.version_id, c.act, c.party, c.note, c.done_by, c.done_at AS at, u.name AS by_name,
    u.agency_id AS by_agency
FROM document_custody c LEFT JOIN cmis_acted(
    (SELECT case_id FROM documents WHERE id = :document_id), 'documents') u ON u.id = c.done_by
WHERE c.document_id = :document_id ORDER BY c.done_at, c.id;
-- name: acts_of_case
SELECT document_id, act FROM document_custody WHERE case_id = :case_id;
-- name: read_lately
SELECT EXISTS (SELECT FROM document_custody WHERE version_id = :version_id AND act = 'read'
    AND done_by = :who AND done_at > now() - make_interval(mins => :minutes));
-- name: expect_file
INSERT INTO document_files (name) VALUES (:name);
-- name: keep_file
UPDATE document_files SET kept = true WHERE name = :name;
-- name: orphans
SELECT name FROM document_files
WHERE NOT kept AND written_at < now() - make_interval(mins => :minutes) FOR UPDATE SKIP LOCKED;
-- name: forget_file
UPDATE document_files SET kept = true WHERE name = :name;
-- name: drop_file
UPDATE document_files SET kept = false, written_at = to_timestamp(0) WHERE name = :name;

-- name: erasing
SELECT set_config('cmis.user_id', :user_id, true), set_config('cmis.agency_id', :agency_id, true),
    set_config('cmis.role', :role, true), set_config('cmis.within', 'on', true),
    set_config('cmis.erasing', 'on', true);
-- name: erase_document
DELETE FROM documents WHERE id = :id;
