-- Cases that may be the same as one that is being told.

-- name: found
SELECT case_id, person_id FROM cmis_find_people(CAST(:kinds AS text[]), CAST(:blind AS bytea[]),
    CAST(:readable AS text[]))
GROUP BY case_id, person_id
HAVING bool_or(kind IN ('citizen_id', 'phone', 'name')) OR (:given_alone AND bool_or(kind = 'given'))
    OR (bool_or(kind = 'family') AND bool_or(kind IN ('given', 'sound', 'skeleton')))
ORDER BY bool_or(kind = 'citizen_id') DESC, bool_or(kind = 'phone') DESC,
    bool_or(kind = 'name') DESC, count(*) DESC, case_id, person_id LIMIT :most;
-- name: persons
SELECT id, agency_id, sealed, wrapped_key, key_number, revision, erased_at FROM persons
WHERE id = ANY (:ids) AND erased_at IS NULL;
-- name: parts
SELECT case_id, person_id, role FROM case_persons
WHERE case_id = ANY (:cases) AND person_id = ANY (:ids) AND standing <> 'removed'
ORDER BY case_id, person_id, role;
-- name: cases
SELECT c.id, c.number, c.urgency, c.status, c.received_at, c.updated_at,
    CASE WHEN c.agency_id = (SELECT cmis_home_agency()) THEN c.title ELSE c.number END AS title,
    CASE WHEN c.agency_id = (SELECT cmis_home_agency()) THEN 'own' ELSE cmis_relation(c.id) END
        AS relation
FROM cases c WHERE c.id = ANY (:ids);
-- name: add_check
INSERT INTO intake_checks (id, user_id, agency_id, shown)
VALUES (:id, :who, :agency_id, CAST(:shown AS text[]));
-- name: ask_agencies
SELECT cmis_ask_agencies(:id, CAST(:persons AS integer[]), CAST(:kinds AS text[]),
    CAST(:blind AS bytea[]));
-- name: agencies
SELECT a.id AS agency_id, a.name_th, a.name_en, coalesce(
    array_agg(d.name ORDER BY d.name) FILTER (WHERE d.role = 'supervisor'),
    (array_agg(d.name ORDER BY d.name) FILTER (WHERE d.role <> 'mdt_member'))[1:3], '{}') AS contacts
FROM agencies a LEFT JOIN cmis_directory() d ON d.agency_id = a.id
WHERE a.id = ANY (:ids) GROUP BY a.id ORDER BY a.id;
-- name: check
SELECT id, shown, told FROM intake_checks WHERE id = :id AND user_id = cmis_user_id();
