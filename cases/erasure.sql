-- Erasing a person: run by the owner of the tables, on behalf of whoever asked.

-- name: within
SELECT set_config('cmis.user_id', :user_id, true), set_config('cmis.agency_id', :agency_id, true),
    set_config('cmis.role', :role, true), set_config('cmis.within', 'on', true);
-- name: erasing
SELECT set_config('cmis.erasing', 'on', true);
-- name: out_of_reach
SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relforcerowsecurity AND NOT EXISTS (
    SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'within_erasure'
        AND p.polcmd = '*' AND c.relowner = ANY (p.polroles))
ORDER BY c.relname;
-- name: lock_cases
SELECT id FROM cases WHERE id = ANY (:cases) ORDER BY id FOR NO KEY UPDATE;
-- name: tables_of_cases
SELECT c.relname AS name, array_agg(a.attname ORDER BY a.attnum) AS columns,
    array_agg(format_type(a.atttypid, NULL) ORDER BY a.attnum) AS types
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT IN ('audit_events', 'case_names',
    'case_persons', 'person_relations', 'recordings', 'row_seals', 'chain_heads',
    'row_tombstones', 'checkpoint_leaves')
    AND format_type(a.atttypid, NULL) IN ('text', 'jsonb', 'text[]')
    AND EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = c.oid AND k.attname = 'case_id')
GROUP BY c.relname ORDER BY c.relname;
-- name: narratives
SELECT id, text FROM narratives WHERE case_id = :case_id;
-- name: tell_again
UPDATE narratives SET text = :text, sha256 = :sha256, embedding = NULL WHERE id = :id;
-- name: search_anew
UPDATE case_words SET words = :tokens WHERE case_id = :case_id;
-- name: versions
SELECT v.id, v.content, v.content_hash, a.approved_content, a.approved_hash
FROM plan_versions v LEFT JOIN approvals a ON a.version_id = v.id WHERE v.case_id = :case_id;
-- name: change_version
UPDATE plan_versions SET content = CAST(:content AS jsonb), content_hash = :content_hash
WHERE id = :id;
-- name: change_approval
UPDATE approvals SET content_hash = :content_hash, approved_hash = :approved_hash,
    approved_content = CAST(:approved_content AS jsonb)
WHERE version_id = :id;
-- name: entries
SELECT content, content_hash FROM entries WHERE case_id = :case_id;
-- name: minutes
SELECT minutes, minutes_hash FROM conferences WHERE case_id = :case_id AND minutes IS NOT NULL;
-- name: loose_hashes
SELECT row_sha256 AS hash FROM case_imports WHERE case_id = :case_id
UNION SELECT file_sha256 FROM case_imports WHERE case_id = :case_id
UNION SELECT asked_sha256 FROM opening_keys WHERE case_id = :case_id;
-- name: letters
SELECT case_id, kind, from_agency, to_agency, purpose, basis, basis_reason, consent_id, requested,
    services, parts, shared, replaces, answer_by
FROM referrals WHERE case_id = :case_id;
-- name: stop_runs
UPDATE draft_runs SET status = 'cancelled', updated_at = now()
WHERE case_id = :case_id AND status IN ('queued', 'running');
-- name: forget_parts
DELETE FROM run_parts WHERE case_id = :case_id;
-- name: stop_hearing
UPDATE transcriptions SET status = 'failed', error_code = 'person.erased', updated_at = now()
WHERE recording_id IN (SELECT id FROM recordings WHERE case_id = :case_id)
    AND status IN ('queued', 'running');
-- name: retitle
SELECT title FROM cases WHERE id = :case_id;
-- name: set_title
UPDATE cases SET title = :title WHERE id = :case_id;
-- name: transcribed
SELECT t.transcription_id, t.revision, t.text FROM transcript_texts t
JOIN transcriptions s ON s.id = t.transcription_id JOIN recordings r ON r.id = s.recording_id
WHERE r.case_id = :case_id;
-- name: write_again
UPDATE transcript_texts SET text = :text
WHERE transcription_id = :transcription_id AND revision = :revision;
-- name: heard
SELECT h.transcription_id, h.ordinal, h.content FROM heard_segments h
JOIN transcriptions s ON s.id = h.transcription_id JOIN recordings r ON r.id = s.recording_id
WHERE r.case_id = :case_id;
-- name: hear_again
UPDATE heard_segments SET content = CAST(:content AS jsonb)
WHERE transcription_id = :transcription_id AND ordinal = :ordinal;
-- name: sounds
SELECT id, agency_id, sha256, salt FROM recordings
WHERE case_id = :case_id AND length(salt) > 0;
-- name: silence
UPDATE recordings SET salt = '', sha256 = 'erased-' || id, file_name = '' WHERE id = :id;
-- name: case_names
SELECT sealed FROM case_names WHERE case_id = :case_id;
-- name: keep_case_names
UPDATE case_names SET sealed = :sealed, updated_at = now() WHERE case_id = :case_id;
-- name: forget_person
UPDATE persons SET sealed = NULL, wrapped_key = NULL, key_number = NULL, erased_at = now(),
    updated_at = now(), revision = revision + 1
WHERE id = :person_id;
-- name: forget_tokens
DELETE FROM person_index WHERE person_id = :person_id;
-- name: forget_places
UPDATE case_persons SET spans = '[]' WHERE person_id = :person_id;
-- name: forget_ties
UPDATE person_relations SET spans = '[]'
WHERE person_id = :person_id OR relative_id = :person_id;
-- name: drawers
SELECT user_id, name AS drawer, content FROM desk_drawers;
-- name: keep_again
UPDATE desk_drawers SET content = :content WHERE user_id = :user_id AND name = :drawer;
-- name: reasons
SELECT person_id, other_id, revision, reason FROM person_pairs
WHERE :person_id IN (person_id, other_id) AND reason IS NOT NULL;
-- name: reason_again
UPDATE person_pairs SET reason = :reason
WHERE person_id = :person_id AND other_id = :other_id AND revision = :revision;
-- name: add_tombstone
INSERT INTO erasures (person_id, agency_id, asked_by, report)
VALUES (:person_id, :agency_id, :who, CAST(:report AS jsonb));
-- name: complete_tombstone
UPDATE erasures SET report = CAST(:report AS jsonb) WHERE person_id = :person_id;
-- name: tombstone
SELECT report, at FROM erasures WHERE person_id = :person_id;
-- name: salt_again
UPDATE row_seals SET salt = :salt
WHERE case_id = :case_id AND relation = :relation AND row_key = :row_key;
