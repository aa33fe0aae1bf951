-- name: add_conference
INSERT INTO conferences (id, case_id, number, version_id, agenda, meets_at, called_by)
VALUES (:id, :case_id,
    (SELECT coalesce(max(number), 0) + 1 FROM conferences WHERE case_id = :case_id),
    :version_id, CAST(:agenda AS jsonb), :meets_at, :who);
-- name: get_conference
SELECT f.id, f.case_id, f.number, f.version_id, v.content_hash AS version_hash, f.status, f.agenda,
    f.meets_at, f.decision, f.decision_text, f.decided_hash, f.decided_at, f.minutes,
    f.minutes_hash, f.closed_at, cmis_relation(f.case_id) AS relation
FROM conferences f LEFT JOIN plan_versions v ON v.id = f.version_id WHERE f.id = :id;
-- name: of_case
SELECT f.id, f.case_id, f.number, f.version_id, f.status, f.meets_at, f.decision, f.decided_at
FROM conferences f WHERE f.case_id = :case_id ORDER BY f.number;
-- name: invited
SELECT f.id, f.case_id, f.number, f.version_id, f.status, f.meets_at, f.decision, f.decided_at
FROM conferences f JOIN conference_members m ON m.conference_id = f.id
WHERE m.user_id = :who AND m.withdrawn_at IS NULL AND f.status <> 'closed'
ORDER BY f.meets_at, f.id;
-- name: directory
SELECT id, login, name, role, agency_id, profession FROM cmis_directory() ORDER BY name, id;
-- name: add_member
INSERT INTO conference_members (conference_id, case_id, user_id, agency_id, name, profession,
                                parts, invited_by)
VALUES (:conference_id, :case_id, :user_id, :agency_id, :name, :profession, :parts, :who)
ON CONFLICT (conference_id, user_id) DO UPDATE SET withdrawn_at = NULL;
-- name: remove_member
UPDATE conference_members SET withdrawn_at = now()
WHERE conference_id = :conference_id AND user_id = :user_id AND withdrawn_at IS NULL;
-- name: members
SELECT user_id, agency_id, name, profession, withdrawn_at FROM conference_members
WHERE conference_id = :conference_id ORDER BY invited_at, user_id;
-- name: add_post
INSERT INTO conference_posts (id, conference_id, case_id, topic, kind, answers, text, written_by,
                              written_name)
VALUES (:id, :conference_id, :case_id, :topic, :kind, :answers, :text, :who, :name);
-- name: posts
SELECT p.id, p.topic, p.kind, p.answers, p.text, p.written_name, p.written_at,
    u.agency_id AS by_agency
FROM conference_posts p LEFT JOIN cmis_acted(
    (SELECT case_id FROM conferences WHERE id = :conference_id), 'conference') u
    ON u.id = p.written_by
WHERE p.conference_id = :conference_id ORDER BY p.written_at, p.id;
-- name: add_vote
INSERT INTO conference_votes (conference_id, case_id, topic, revision, vote, dissent, voter_id,
                              voter_name, version_id)
SELECT :conference_id, :case_id, :topic, coalesce(max(revision), 0) + 1, :vote, :dissent, :who,
    :name, :version_id
FROM conference_votes
WHERE conference_id = :conference_id AND topic = :topic AND voter_id = :who;
-- name: votes
SELECT DISTINCT ON (v.topic, v.voter_id) v.topic, v.vote, v.dissent, v.voter_name, v.voted_at,
    u.agency_id AS by_agency
FROM conference_votes v JOIN conferences f ON f.id = v.conference_id
LEFT JOIN cmis_acted(
    (SELECT case_id FROM conferences WHERE id = :conference_id), 'conference') u
    ON u.id = v.voter_id
WHERE v.conference_id = :conference_id
    AND (v.topic <> 'decision' OR v.version_id IS NULL OR v.version_id = f.version_id)
ORDER BY v.topic, v.voter_id, v.revision DESC;
-- name: decide
UPDATE conferences SET status = 'decided', decision = :decision, decision_text = :decision_text,
    decided_hash = :decided_hash, decided_by = :who, decided_at = now()
WHERE id = :id AND status = 'open';
-- name: renew
UPDATE conferences SET version_id = :version_id, agenda = CAST(:agenda AS jsonb)
WHERE id = :id AND status = 'open';
-- name: write_minutes
UPDATE conferences SET minutes = :minutes, minutes_hash = :minutes_hash, minutes_by = :who
WHERE id = :id AND status <> 'closed' AND minutes_hash IS NOT DISTINCT FROM :before;
-- name: close
UPDATE conferences SET status = 'closed', closed_at = now()
WHERE id = :id AND status = 'decided' AND minutes IS NOT NULL;
-- name: add_task
INSERT INTO conference_tasks (id, conference_id, case_id, text, agency_id, due, added_by)
VALUES (:id, :conference_id, :case_id, :text, :agency_id, :due, :who);
-- name: tasks
SELECT t.id, t.text, t.agency_id, t.due, t.status, t.result, t.done_at,
    (t.status = 'open' AND cmis_role() <> 'auditor' AND (cmis_may_write(t.case_id, 'own') OR (t.agency_id = cmis_agency_id()
        AND cmis_may_write(t.case_id, 'conference')))) AS may_end
FROM conference_tasks t WHERE t.conference_id = :conference_id ORDER BY t.due, t.id;
-- name: one_task
SELECT t.case_id, (cmis_role() <> 'auditor' AND (cmis_may_write(t.case_id, 'own')
    OR (t.agency_id = cmis_agency_id() AND cmis_may_write(t.case_id, 'conference')))) AS may_end
FROM conference_tasks t WHERE t.id = :id AND t.status = 'open';
-- name: end_task
UPDATE conference_tasks SET status = :status, result = :result, done_by = :who, done_at = now()
WHERE id = :id AND status = 'open';
-- name: newest_version
SELECT v.id, v.content, v.content_hash FROM plan_versions v WHERE v.case_id = :case_id
ORDER BY v.number DESC LIMIT 1;
