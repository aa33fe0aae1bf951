-- Who stands behind a command line.

-- name: operator
SELECT u.name, a.name_th AS agency_th, a.name_en AS agency_en
FROM users u JOIN agencies a ON a.id = u.agency_id WHERE u.id = :user_id;
