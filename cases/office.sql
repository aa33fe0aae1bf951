-- How a real office begins: by whoever runs the installation, past every role.

-- name: hold
SELECT pg_advisory_xact_lock(hashtextextended('cmis office', 3));
-- name: is_real
SELECT EXISTS (SELECT FROM account_changes WHERE act = 'made' AND done_by = :operator);
-- name: accounts_like
SELECT id, login, role, agency_id FROM users
WHERE login = :login OR (role = 'administrator' AND active)
ORDER BY login = :login DESC, login;
-- name: get_agency
SELECT id, kind, name_th, name_en, two_person_approval, receives, region, contact
FROM agencies WHERE id = :id;
-- name: add_agency
INSERT INTO agencies (id, kind, name_th, name_en, two_person_approval, receives, region, contact)
VALUES (:id, :kind, :name_th, :name_en, :two_person_approval, :receives, :region, :contact);
-- name: note_agency
INSERT INTO agency_changes (agency_id, after, done_by)
SELECT id, to_jsonb(agencies), :operator FROM agencies WHERE id = :id;
-- name: add_administrator
INSERT INTO users (id, login, password_hash, name, role, agency_id, language, password_due)
VALUES (:id, :login, :hashed, :name, 'administrator', :agency_id, :language, true);
-- name: new_password
UPDATE users SET password_hash = :hashed, password_due = true, active = true, failed_logins = 0,
    locked_until = NULL WHERE id = :id;
-- name: sign_out
DELETE FROM sessions WHERE user_id = :id;
-- name: note_account
INSERT INTO account_changes (user_id, act, done_by) VALUES (:id, :act, :operator);
