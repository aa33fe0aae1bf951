-- What a person is told; each sees their own alone.

-- name: notices
SELECT n.id, n.kind, n.case_id, c.number, n.subject_id, n.made_at, n.read_at
FROM notices n LEFT JOIN cases c ON c.id = n.case_id
WHERE n.user_id = :who
    AND (CAST(:read AS boolean) IS NULL OR (n.read_at IS NOT NULL) = CAST(:read AS boolean))
ORDER BY n.made_at DESC, n.id LIMIT :limit OFFSET :offset;
-- name: unread
SELECT n.id, n.kind, n.case_id, c.number, n.subject_id, n.made_at, n.read_at
FROM notices n LEFT JOIN cases c ON c.id = n.case_id
WHERE n.user_id = :who AND n.read_at IS NULL
ORDER BY (n.kind = ANY (:grave)) DESC, n.made_at DESC, n.id LIMIT :limit;
-- name: notice
SELECT n.id, n.kind, n.case_id, c.number, n.subject_id, n.made_at, n.read_at
FROM notices n LEFT JOIN cases c ON c.id = n.case_id WHERE n.id = :id AND n.user_id = :who;
-- name: count_unread
SELECT count(*) FROM notices WHERE user_id = :who AND read_at IS NULL;
-- name: mark_read
UPDATE notices SET read_at = now() WHERE user_id = :who AND read_at IS NULL
    AND (CAST(:ids AS text[]) IS NULL OR id = ANY (CAST(:ids AS text[])))
    AND (CAST(:until AS timestamptz) IS NULL OR made_at <= CAST(:until AS timestamptz));
-- name: remind
SELECT cmis_remind(:hours);
-- name: remind_of_consents
SELECT cmis_remind_of_consents(:days);
-- name: remind_of_openings
SELECT cmis_remind_of_openings(:hours);
