-- People of cases, their parts and ties.

-- name: add_person
INSERT INTO persons (id, agency_id, sealed, wrapped_key, key_number, created_by)
VALUES (:id, :agency_id, :sealed, :wrapped_key, :key_number, :who);
-- name: get_person
SELECT id, agency_id, sealed, wrapped_key, key_number, revision, erased_at FROM persons
WHERE id = :id;
-- name: lock_person
SELECT id, agency_id, sealed, wrapped_key, key_number, revision, erased_at FROM persons
WHERE id = :id FOR NO KEY UPDATE;
-- name: persons_of_case
SELECT p.id, p.agency_id, p.sealed, p.wrapped_key, p.key_number, p.revision, p.erased_at,
    coalesce(jsonb_agg(jsonb_build_object('role', c.role, 'standing', c.standing,
        'score', c.score, 'spans', c.spans, 'decided_at', c.decided_at)
        ORDER BY c.role), '[]') AS roles
FROM persons p JOIN case_persons c ON c.person_id = p.id
WHERE c.case_id = :case_id AND c.standing <> 'removed'
GROUP BY p.id ORDER BY min(CASE c.role WHEN 'client' THEN 0 WHEN 'alleged_perpetrator' THEN 1
    WHEN 'reporter' THEN 2 ELSE 3 END), p.created_at, p.id;
-- name: cases_of_person
SELECT DISTINCT c.case_id, s.number FROM case_persons c JOIN cases s ON s.id = c.case_id
WHERE c.person_id = :person_id ORDER BY c.case_id;
-- name: parts_of_person
SELECT c.id, c.case_id, c.role, c.standing, c.spans, c.decided_at FROM case_persons c
WHERE c.person_id = :person_id ORDER BY c.case_id, c.role;
-- name: change_person
UPDATE persons SET sealed = :sealed, wrapped_key = :wrapped_key, key_number = :key_number,
    revision = revision + 1, updated_at = now()
WHERE id = :id AND revision = :revision AND erased_at IS NULL;
-- name: drop_tokens
DELETE FROM person_index WHERE person_id = :person_id;
-- name: add_token
INSERT INTO person_index (person_id, agency_id, kind, token)
VALUES (:person_id, :agency_id, :kind, :token) ON CONFLICT DO NOTHING;
-- name: with_tokens
SELECT p.id, p.agency_id, p.sealed, p.wrapped_key, p.key_number, p.revision, p.erased_at
FROM persons p
WHERE p.erased_at IS NULL AND p.id <> :but
  AND p.id IN (SELECT i.person_id FROM person_index i
               WHERE i.kind = ANY (:kinds) AND i.token = ANY (:tokens))
  AND EXISTS (SELECT FROM case_persons c JOIN cases s ON s.id = c.case_id
      WHERE c.person_id = p.id AND (s.agency_id = cmis_agency_id()
          OR (c.standing <> 'removed' AND NOT EXISTS (SELECT FROM case_persons r
              WHERE r.case_id = c.case_id AND r.person_id = p.id AND r.role = 'reporter'
                AND r.standing <> 'removed'))))
ORDER BY p.id LIMIT 200;
-- name: cases_of_persons
SELECT DISTINCT c.case_id, c.person_id FROM case_persons c JOIN cases s ON s.id = c.case_id
WHERE c.person_id = ANY (:ids) ORDER BY c.case_id, c.person_id;
-- name: possible_agencies
SELECT f.agency_id, a.name_th, a.name_en FROM cmis_possible_agencies(:person_id) f
JOIN agencies a ON a.id = f.agency_id ORDER BY f.agency_id;

-- name: add_part
INSERT INTO case_persons (id, case_id, person_id, role, standing, score, spans, decided_by,
                          decided_at)
VALUES (:id, :case_id, :person_id, :role, :standing, :score, CAST(:spans AS jsonb), :who,
        CASE WHEN CAST(:who AS text) IS NOT NULL THEN now() END)
ON CONFLICT (case_id, person_id, role) DO UPDATE SET standing = excluded.standing,
    decided_by = excluded.decided_by, decided_at = excluded.decided_at;
-- name: decide_part
UPDATE case_persons SET standing = :standing, decided_by = :who, decided_at = now()
WHERE case_id = :case_id AND person_id = :person_id AND role = :role;

-- name: add_relation
INSERT INTO person_relations (id, case_id, person_id, relative_id, kinship, lives_with, standing,
                              spans, decided_by, decided_at)
VALUES (:id, :case_id, :person_id, :relative_id, :kinship, :lives_with, :standing,
        CAST(:spans AS jsonb), :who, CASE WHEN CAST(:who AS text) IS NOT NULL THEN now() END)
ON CONFLICT (case_id, person_id, relative_id, kinship) DO UPDATE
SET standing = excluded.standing, lives_with = excluded.lives_with,
    decided_by = excluded.decided_by, decided_at = excluded.decided_at;
-- name: relations_of_case
SELECT id, person_id, relative_id, kinship, lives_with, standing, spans, decided_at
FROM person_relations WHERE case_id = :case_id AND standing <> 'removed' ORDER BY id;
-- name: decide_relation
UPDATE person_relations SET standing = :standing, kinship = coalesce(:kinship, kinship),
    lives_with = coalesce(:lives_with, lives_with), decided_by = :who, decided_at = now()
WHERE id = :id AND case_id = :case_id;

-- name: same_tie
SELECT o.id FROM person_relations t JOIN person_relations o ON o.case_id = t.case_id
    AND o.person_id = t.person_id AND o.relative_id = t.relative_id AND o.id <> t.id
WHERE t.id = :id AND t.case_id = :case_id AND o.kinship = :kinship;
-- name: drop_relation
UPDATE person_relations SET standing = 'removed', decided_by = :who, decided_at = now()
WHERE id = :id AND case_id = :case_id;

-- name: decided_facts
SELECT DISTINCT ON (f.field) f.field, f.revision, f.standing, f.value, u.name AS by_name,
    u.agency_id AS by_agency, f.decided_at AS at
FROM household_facts f LEFT JOIN cmis_acted(:case_id, 'persons') u ON u.id = f.decided_by
WHERE f.case_id = :case_id ORDER BY f.field, f.revision DESC;
-- name: decide_fact
INSERT INTO household_facts (case_id, field, revision, standing, value, decided_by)
VALUES (:case_id, :field,
    (SELECT coalesce(max(revision), 0) + 1 FROM household_facts
     WHERE case_id = :case_id AND field = :field),
    :standing, CAST(:value AS jsonb), :who);

-- name: pairs_of
SELECT DISTINCT ON (person_id, other_id) person_id, other_id, decision FROM person_pairs
WHERE :person_id IN (person_id, other_id) ORDER BY person_id, other_id, revision DESC;
-- name: decide_pair
INSERT INTO person_pairs (person_id, other_id, revision, decision, reason, decided_by)
VALUES (:person_id, :other_id,
    (SELECT coalesce(max(revision), 0) + 1 FROM person_pairs
     WHERE person_id = :person_id AND other_id = :other_id),
    :decision, :reason, :who);

-- name: add_hold
INSERT INTO legal_holds (id, case_id, reason, set_by) VALUES (:id, :case_id, :reason, :who);
-- name: lift_holds
UPDATE legal_holds SET lifted_by = :who, lifted_at = now()
WHERE case_id = :case_id AND lifted_at IS NULL;
-- name: holds
SELECT id, reason, set_at, lifted_at FROM legal_holds WHERE case_id = :case_id ORDER BY set_at;
-- name: standing_holds
SELECT h.id FROM legal_holds h WHERE h.case_id = :case_id AND h.lifted_at IS NULL;
-- name: standing_holds_of_person
SELECT DISTINCT h.case_id FROM legal_holds h JOIN case_persons c ON c.case_id = h.case_id
WHERE c.person_id = :person_id AND h.lifted_at IS NULL;

-- name: all_wrapped
SELECT id, agency_id, sealed, wrapped_key, key_number FROM persons WHERE erased_at IS NULL
ORDER BY id;
-- name: rewrap
UPDATE persons SET wrapped_key = :wrapped_key, key_number = :key_number WHERE id = :id;
-- name: use_keys
SELECT pg_advisory_xact_lock_shared(hashtext('cmis person keys'));
-- name: turn_keys
SELECT pg_advisory_lock(hashtext('cmis person keys'));
