-- What has been kept long enough.

-- name: closed_since
SELECT c.id AS case_id, c.number, c.updated_at AS closed_at,
    EXISTS (SELECT FROM legal_holds h WHERE h.case_id = c.id AND h.lifted_at IS NULL) AS held
FROM cases c WHERE c.status = 'closed' AND c.updated_at < :before ORDER BY c.updated_at, c.id;
