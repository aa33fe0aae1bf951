-- Every statement of the record, by name.

-- name: login_lookup
SELECT * FROM cmis_login_lookup(:login);
-- name: login_failed
SELECT cmis_login_failed(:user_id, :most, make_interval(secs => :pause_s));
-- name: open_session
SELECT cmis_open_session(:token, :user_id, make_interval(secs => :lifetime_s));
-- name: session_person
SELECT * FROM cmis_session_person(:token);
-- name: end_session
SELECT cmis_end_session(:token);
-- name: person
SELECT * FROM cmis_person(:user_id);
-- name: set_language
UPDATE users SET language = :language WHERE id = :user_id;
-- name: put_agency
INSERT INTO agencies (id, name_th, name_en, two_person_approval, kind)
VALUES (:id, :name_th, :name_en, :two_person_approval, :kind)
ON CONFLICT (id) DO UPDATE SET name_th = excluded.name_th, name_en = excluded.name_en,
    kind = excluded.kind;
-- name: put_user
INSERT INTO users (id, login, password_hash, name, role, agency_id, profession)
VALUES (:id, :login, :password_hash, :name, :role, :agency_id, :profession)
ON CONFLICT (login) DO UPDATE SET
    password_hash = excluded.password_hash, name = excluded.name, role = excluded.role,
    profession = excluded.profession, agency_id = excluded.agency_id, failed_logins = 0, locked_until = NULL;
-- name: change_password
SELECT cmis_change_password(:password_hash, :kept);

-- name: next_number
SELECT nextval('case_numbers');
-- name: add_case
INSERT INTO cases (id, number, agency_id, title, status, urgency, owner_id, received_at)
VALUES (:id, :number, :agency_id, :title, 'new', :urgency, :owner_id, :received_at);
-- name: add_narrative
INSERT INTO narratives (id, case_id, text, sha256, source, embedding, created_by, told_at)
VALUES (:id, :case_id, :text, :sha256, :source, CAST(:embedding AS vector), :created_by, :told_at);
-- name: add_coding
INSERT INTO codings (id, case_id, narrative_id, content, coder_version)
VALUES (:id, :case_id, :narrative_id, CAST(:content AS jsonb), :coder_version);
-- name: get_case
SELECT id, number, agency_id, title, urgency, status, received_at, owner_id,
    cmis_relation(id) AS relation FROM cases
WHERE id = :id;
-- name: lock_case
SELECT id, number, agency_id, title, urgency, status, received_at, owner_id FROM cases
WHERE id = :id FOR NO KEY UPDATE;
-- name: may_write
SELECT cmis_may_write(:case_id, :part);
-- name: set_status
UPDATE cases SET status = :status, updated_at = now() WHERE id = :id;
-- name: keep_words
INSERT INTO case_words (case_id, words) VALUES (:case_id, :tokens)
ON CONFLICT (case_id) DO UPDATE SET words = excluded.words;
-- name: newest_narrative
SELECT id, text, sha256, (SELECT f.source FROM narratives f WHERE f.case_id = :case_id
    ORDER BY f.created_at, f.id DESC LIMIT 1) AS source
FROM narratives WHERE case_id = :case_id ORDER BY created_at DESC, id LIMIT 1;
-- name: case_names
SELECT sealed FROM case_names WHERE case_id = :case_id;
-- name: keep_case_names
INSERT INTO case_names (case_id, sealed) VALUES (:case_id, :sealed)
ON CONFLICT (case_id) DO UPDATE SET sealed = excluded.sealed, updated_at = now();
-- name: newest_coding
SELECT content FROM codings WHERE case_id = :case_id ORDER BY created_at DESC, id LIMIT 1;
-- name: add_code_decision
INSERT INTO code_decisions (case_id, code, decision, decided_by)
VALUES (:case_id, :code, :decision, :decided_by);
-- name: code_decisions
SELECT DISTINCT ON (d.code) d.code, d.decision, u.name AS by_name, u.agency_id AS by_agency,
    d.decided_at AS at
FROM code_decisions d LEFT JOIN cmis_acted(:case_id, 'codes') u ON u.id = d.decided_by
WHERE d.case_id = :case_id ORDER BY d.code, d.id DESC;

-- name: add_run
INSERT INTO draft_runs (id, case_id, status, requested_by) VALUES (:id, :case_id, 'queued', :who);
-- name: run_job
UPDATE draft_runs SET job_id = :job_id WHERE id = :id;
-- name: get_run
SELECT id, case_id, status, step, percent, engine, error_code, version_id, requested_by, job_id
FROM draft_runs WHERE id = :id;
-- name: newest_run
SELECT id, case_id, status, step, percent, engine, error_code, version_id, requested_by, job_id
FROM draft_runs WHERE case_id = :case_id ORDER BY created_at DESC, id LIMIT 1;
-- name: run_step
UPDATE draft_runs SET status = 'running', step = :step, percent = :percent, updated_at = now()
WHERE id = :id AND status IN ('queued', 'running');
-- name: run_end
UPDATE draft_runs SET status = :status, step = :status, percent = 100, error_code = :error_code,
    engine = :engine, version_id = :version_id, updated_at = now()
WHERE id = :id AND status IN ('queued', 'running');

-- name: add_version
INSERT INTO plan_versions (id, case_id, number, content, content_hash, run_id, created_by)
VALUES (:id, :case_id,
    (SELECT coalesce(max(number), 0) + 1 FROM plan_versions WHERE case_id = :case_id),
    CAST(:content AS jsonb), :content_hash, :run_id, :created_by);
-- name: get_version
SELECT id, case_id, number, content, content_hash, created_by, created_at FROM plan_versions
WHERE id = :id;
-- name: list_versions
WITH told AS (SELECT id, sha256, row_number() OVER (ORDER BY created_at DESC, id) AS back
    FROM narratives WHERE case_id = :case_id)
SELECT v.id, v.number, v.content_hash, v.created_at, (a.version_id IS NOT NULL) AS approved,
    CASE WHEN EXISTS (SELECT FROM told WHERE back > 1)
        THEN EXISTS (SELECT FROM told
            WHERE back > 1 AND sha256 = v.content->>'narrative_sha256')
        ELSE false END AS told_since
FROM plan_versions v LEFT JOIN approvals a ON a.version_id = v.id
WHERE v.case_id = :case_id ORDER BY v.number;
-- name: decisions
SELECT DISTINCT ON (d.sentence_id) d.sentence_id, d.revision, d.decision, d.text, d.reason,
    d.flags, u.name AS by_name, u.agency_id AS by_agency, d.decided_at AS at
FROM item_decisions d LEFT JOIN cmis_acted(
    (SELECT case_id FROM plan_versions WHERE id = :version_id), 'plan') u ON u.id = d.decided_by
WHERE d.version_id = :version_id ORDER BY d.sentence_id, d.revision DESC;
-- name: add_decision
INSERT INTO item_decisions (case_id, version_id, sentence_id, revision, decision, text, reason,
                            flags, decided_by)
VALUES (:case_id, :version_id, :sentence_id, :revision, :decision, :text, :reason,
        CAST(:flags AS jsonb), :decided_by);
-- name: get_approval
SELECT a.content_hash, a.approved_content, a.approved_hash, a.comment, a.approved_at AS at,
       u.name AS by_name, u.agency_id AS by_agency
FROM approvals a LEFT JOIN cmis_acted(
    (SELECT case_id FROM plan_versions WHERE id = :version_id), 'plan') u ON u.id = a.approved_by
WHERE a.version_id = :version_id;
-- name: newest_approved
SELECT a.approved_content, a.content_hash FROM approvals a
JOIN plan_versions v ON v.id = a.version_id
WHERE a.case_id = :case_id ORDER BY v.number DESC LIMIT 1;
-- name: add_approval
INSERT INTO approvals (version_id, case_id, content_hash, approved_content, approved_hash,
                       approved_by, comment)
VALUES (:version_id, :case_id, :content_hash, CAST(:approved_content AS jsonb), :approved_hash,
        :approved_by, :comment);

-- name: all_narratives
SELECT id, text, sha256 FROM narratives WHERE case_id = :case_id;
-- name: all_versions
SELECT v.id, v.number, v.content, v.content_hash, a.version_id AS approved,
    a.content_hash AS approved_version_hash, a.approved_content, a.approved_hash
FROM plan_versions v LEFT JOIN approvals a ON a.version_id = v.id
WHERE v.case_id = :case_id ORDER BY v.number;

-- name: hold_chain
SELECT pg_advisory_xact_lock(hashtextextended(:case_id, 0));
-- name: last_event
SELECT seq, hash FROM cmis_chain_head(:case_id);
-- name: add_event
INSERT INTO audit_events (case_id, seq, at, actor_id, action, subject, detail, prev_hash, hash)
VALUES (:case_id, :seq, :at, :actor_id, :action, :subject, CAST(:detail AS jsonb), :prev_hash,
        :hash);
-- name: list_events
SELECT case_id, seq, at, actor_id, action, subject, detail, prev_hash, hash
FROM audit_events WHERE case_id = :case_id ORDER BY seq;
-- name: named_events
SELECT e.case_id, e.seq, e.at, e.actor_id, e.action, e.subject, e.detail, e.prev_hash, e.hash,
    u.name AS by_name, u.agency_id AS by_agency
FROM audit_events e LEFT JOIN cmis_acted(:case_id, 'trail') u ON u.id = e.actor_id
WHERE e.case_id = :case_id ORDER BY e.seq;
-- name: notify
SELECT pg_notify('cmis_drafts', :run_id);

-- name: agencies
SELECT id FROM agencies ORDER BY id;
-- name: open_plans
SELECT DISTINCT ON (v.case_id) c.number AS case_number, c.agency_id, v.id AS version_id,
    v.number AS version, (a.version_id IS NOT NULL) AS approved,
    v.content->>'knowledge_version' AS knowledge_version, v.content->'citations' AS citations
FROM plan_versions v JOIN cases c ON c.id = v.case_id
LEFT JOIN approvals a ON a.version_id = v.id
WHERE c.status <> 'closed'
ORDER BY v.case_id, v.number DESC;

-- name: hold_recording
SELECT pg_advisory_xact_lock(hashtextextended(:agency_id || :sha256, 1));
-- name: add_recording
INSERT INTO recordings (id, agency_id, sha256, salt, size_bytes, seconds, decoder, media_type,
                        file_name, created_by)
VALUES (:id, :agency_id, :sha256, :salt, :size_bytes, :seconds, :decoder, :media_type, :file_name,
        :created_by);
-- name: same_recording
SELECT id FROM recordings WHERE agency_id = :agency_id AND sha256 = :sha256;
-- name: get_recording
SELECT id, agency_id, case_id, sha256, salt, size_bytes, seconds, decoder, media_type, file_name,
    created_at
FROM recordings WHERE id = :id;
-- name: waiting_recordings
SELECT id, case_id, sha256, size_bytes, seconds, media_type, file_name, created_at
FROM recordings WHERE case_id IS NULL AND created_by = :user_id ORDER BY created_at DESC, id LIMIT 50;
-- name: recording_of_case
UPDATE recordings SET case_id = :case_id WHERE id = :id AND case_id IS NULL RETURNING sha256;
-- name: recordings_of_case
SELECT id, case_id, sha256, size_bytes, seconds, media_type, file_name, created_at
FROM recordings WHERE case_id = :case_id ORDER BY created_at, id;
-- name: heard_lately
SELECT EXISTS (SELECT FROM audit_events WHERE case_id = :case_id AND actor_id = :actor_id
    AND subject = :subject AND action = 'recording_heard'
    AND at > now() - make_interval(mins => :minutes));
-- name: add_transcription
INSERT INTO transcriptions (id, recording_id, model, requested_by)
VALUES (:id, :recording_id, :model, :who);
-- name: begin_transcription
UPDATE transcriptions SET status = 'queued', error_code = NULL, updated_at = now()
WHERE id = :id AND status = 'failed';
-- name: transcription_job
UPDATE transcriptions SET job_id = :job_id WHERE id = :id;
-- name: get_transcription
SELECT id, recording_id, model, status, percent, heard_until, seconds, error_code, job_id
FROM transcriptions WHERE id = :id;
-- name: transcription_by_model
SELECT id, recording_id, model, status, percent, heard_until, seconds, error_code, job_id
FROM transcriptions WHERE recording_id = :recording_id AND model = :model;
-- name: newest_transcription
SELECT id, recording_id, model, status, percent, heard_until, seconds, error_code, job_id
FROM transcriptions WHERE recording_id = :recording_id ORDER BY created_at DESC, id LIMIT 1;
-- name: transcription_step
UPDATE transcriptions SET status = 'running', percent = :percent, heard_until = :heard_until,
    updated_at = now()
WHERE id = :id AND status IN ('queued', 'running');
-- name: transcription_end
UPDATE transcriptions SET status = :status, error_code = :error_code, seconds = :seconds,
    percent = CASE WHEN :status = 'done' THEN 100 ELSE percent END, updated_at = now()
WHERE id = :id AND status IN ('queued', 'running');
-- name: add_segment
INSERT INTO heard_segments (transcription_id, ordinal, content)
SELECT t.id, CAST(:ordinal AS integer), CAST(:content AS jsonb) FROM transcriptions t
WHERE t.id = :transcription_id AND t.status IN ('queued', 'running') FOR SHARE;
-- name: segments
SELECT content FROM heard_segments WHERE transcription_id = :transcription_id ORDER BY ordinal;
-- name: newest_text
SELECT t.revision, t.text, t.unconfirmed, coalesce(a.name, u.name) AS by_name,
    coalesce(a.agency_id, u.agency_id) AS by_agency, t.written_at AS at
FROM transcript_texts t LEFT JOIN users u ON u.id = t.written_by
LEFT JOIN cmis_acted((SELECT r.case_id FROM recordings r JOIN transcriptions w
    ON w.recording_id = r.id WHERE w.id = :transcription_id), 'sound') a ON a.id = t.written_by
WHERE t.transcription_id = :transcription_id ORDER BY t.revision DESC LIMIT 1;
-- name: add_text
INSERT INTO transcript_texts (transcription_id, revision, text, unconfirmed, written_by)
VALUES (:transcription_id, :revision, :text, CAST(:unconfirmed AS jsonb), :who);
