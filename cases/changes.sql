-- name: case_row
SELECT id, number,
    CASE WHEN agency_id = cmis_home_agency() THEN title ELSE number END AS title,
    urgency, status, received_at, updated_at
FROM cases WHERE id = :id;
