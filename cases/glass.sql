-- name: own_case
SELECT id FROM cases WHERE number = :number AND agency_id = :agency;
-- name: break_glass
SELECT cmis_break_glass(:id, :number, :reason, :hours);
-- name: get
SELECT id, case_id, user_id, agency_id, name, reason, opened_at, expires_at, reviewed_at, outcome,
    review_note
FROM glass_breaks WHERE id = :id;
-- name: of_case
SELECT id, case_id, user_id, agency_id, name, reason, opened_at, expires_at, reviewed_at, outcome,
    review_note
FROM glass_breaks WHERE case_id = :case_id ORDER BY opened_at, id;
-- name: review
UPDATE glass_breaks SET reviewed_by = :who, reviewed_at = now(), outcome = :outcome,
    review_note = :note
WHERE id = :id AND reviewed_by IS NULL;
-- name: unreviewed
SELECT g.id, g.case_id, c.number, g.name, g.reason, g.opened_at, g.expires_at
FROM glass_breaks g JOIN cases c ON c.id = g.case_id
WHERE g.reviewed_by IS NULL AND g.user_id <> :who AND c.agency_id = :agency
ORDER BY g.opened_at, g.id LIMIT :limit;
