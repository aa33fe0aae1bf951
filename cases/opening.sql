-- Statements of the keys under which cases were opened.

-- name: take_key
INSERT INTO opening_keys (created_by, key, asked_sha256, case_id)
VALUES (:user_id, :key, :asked_sha256, :case_id)
ON CONFLICT (created_by, key) DO NOTHING RETURNING key;
-- name: key_taken
SELECT asked_sha256, case_id FROM opening_keys WHERE created_by = :user_id AND key = :key;
