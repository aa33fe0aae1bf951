-- Statements of what is told after a case was opened.

-- name: told
SELECT n.id, n.source, n.told_at, n.created_at AS at, char_length(n.text) AS length,
    u.name AS by_name, u.agency_id AS by_agency
FROM narratives n LEFT JOIN cmis_tellers(:case_id) u ON u.id = n.created_by
WHERE n.case_id = :case_id ORDER BY n.created_at, n.id DESC;
-- name: raise_urgency
UPDATE cases SET urgency = :urgency, updated_at = now() WHERE id = :case_id;
-- name: parts_ever
SELECT p.id, p.agency_id, p.sealed, p.wrapped_key, p.key_number, p.revision, c.role, c.standing,
    c.spans
FROM case_persons c JOIN persons p ON p.id = c.person_id
WHERE c.case_id = :case_id ORDER BY p.created_at, p.id, c.role;
-- name: ties_ever
SELECT person_id, relative_id FROM person_relations WHERE case_id = :case_id;
