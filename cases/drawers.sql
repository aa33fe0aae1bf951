-- What a person keeps at their desk; row-level security shows each only their own.

-- name: keep
INSERT INTO desk_drawers (user_id, name, content) VALUES (:who, :name, :content)
ON CONFLICT (user_id, name) DO UPDATE SET content = excluded.content, kept_at = now();
-- name: empty
DELETE FROM desk_drawers WHERE user_id = :who AND name = :name;
-- name: empty_all
DELETE FROM desk_drawers WHERE user_id = :who AND starts_with(name, :begins);
-- name: crowd_out
DELETE FROM desk_drawers WHERE user_id = :who AND starts_with(name, :begins)
    AND name NOT IN (SELECT name FROM desk_drawers
        WHERE user_id = :who AND starts_with(name, :begins)
        ORDER BY kept_at DESC, name LIMIT :most);
-- name: forget_old
DELETE FROM desk_drawers WHERE user_id = :who
    AND (name = :name OR starts_with(name, :begins))
    AND kept_at < now() - make_interval(days => :days);
-- name: all
SELECT name, content, kept_at FROM desk_drawers WHERE user_id = :who ORDER BY name;
