-- Statements of in-product trials.

-- name: add_trial
INSERT INTO trials (id, registration, sha256, started_by)
VALUES (:id, CAST(:registration AS jsonb), :sha256, :who) ON CONFLICT (id) DO NOTHING;
-- name: get_trial
SELECT id, registration, sha256, started_at, ended_at, end_reason, unblinded_at FROM trials
WHERE id = :id;
-- name: list_trials
SELECT id, registration, sha256, started_at, ended_at, end_reason, unblinded_at FROM trials
ORDER BY started_at DESC, id;
-- name: open_trials
SELECT id, registration FROM trials WHERE ended_at IS NULL ORDER BY started_at, id;
-- name: end_trial
UPDATE trials SET ended_by = :who, ended_at = now(), end_reason = :reason
WHERE id = :id AND ended_at IS NULL;
-- name: unblind_trial
UPDATE trials SET unblinded_by = :who, unblinded_at = now()
WHERE id = :id AND ended_at IS NOT NULL AND unblinded_at IS NULL;
-- name: trial_places
SELECT in_stratum, in_all FROM cmis_trial_places(:trial_id, :agency_id);
-- name: trials_taken
SELECT trial_id, taken FROM cmis_trials_taken();
-- name: add_assignment
INSERT INTO trial_assignments (trial_id, case_id, agency_id, place, arm, letter, assigned_by)
VALUES (:trial_id, :case_id, :agency_id, :place, :arm, :letter, :who);
-- name: assignment
SELECT a.trial_id, a.arm FROM trial_assignments a WHERE a.case_id = :case_id;
