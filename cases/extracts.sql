-- Statements of the de-identified extract and of the research log.

-- name: research_cases
SELECT c.*, g.known_age_band, g.known_sex, g.disability, g.nationality, v.own_risk, v.own_urgency
FROM cmis_research_cases(:key, :since, :until, CAST(:age_bounds AS integer[])) c
JOIN cmis_research_groups(:key, :since, :until, CAST(:age_bounds AS integer[])) g USING (pseudonym)
LEFT JOIN cmis_research_own_views(:key, :since, :until) v USING (pseudonym)
ORDER BY c.pseudonym;
-- name: first_given
SELECT detail -> 'study' AS study, detail ->> 'received_before' AS received_before
FROM research_events WHERE action = 'extract_given' AND subject = :id ORDER BY seq LIMIT 1;
-- name: hold_research
SELECT pg_advisory_xact_lock(hashtextextended('research', 3));
-- name: last_research_event
SELECT seq, hash FROM research_events ORDER BY seq DESC LIMIT 1;
-- name: add_research_event
INSERT INTO research_events (seq, at, actor_id, action, subject, detail, prev_hash, hash)
VALUES (:seq, :at, :actor_id, :action, :subject, CAST(:detail AS jsonb), :prev_hash, :hash);
-- name: research_events
SELECT seq, at, actor_id, action, subject, detail, prev_hash, hash FROM research_events
ORDER BY seq;
-- name: set_region
UPDATE agencies SET region = :region WHERE id = :id;
-- name: add_plan_edit
INSERT INTO plan_edits (version_id, case_id, distance, characters)
VALUES (:version_id, :case_id, :distance, :characters);
