-- Everything of a case that has a date, as far as row-level security shows it.

-- name: of_case
SELECT 'told' AS what, received_at AS at, id AS subject_id, CAST(NULL AS text) AS kind,
    CAST(NULL AS text) AS act, CAST(NULL AS text) AS words_th, CAST(NULL AS text) AS words_en,
    CAST(NULL AS integer) AS number, CAST(NULL AS text) AS by_name,
    CAST(NULL AS text) AS by_agency, CAST(NULL AS text) AS party,
    CAST(NULL AS text) AS note
FROM cases WHERE id = :case_id
UNION ALL
SELECT 'told', n.told_at, n.id, NULL, 'more', NULL, NULL, NULL, u.name, u.agency_id, NULL, NULL
FROM narratives n LEFT JOIN cmis_tellers(:case_id) u ON u.id = n.created_by
WHERE n.case_id = :case_id AND n.told_at IS NOT NULL
UNION ALL
SELECT 'entry', recorded_at, id, kind, NULL, NULL, NULL, NULL, recorded_name, agency_id, NULL, NULL
FROM entries WHERE case_id = :case_id
UNION ALL
SELECT 'plan', created_at, id, 'plan', 'drafted', NULL, NULL, number, NULL, NULL, NULL, NULL
FROM plan_versions WHERE case_id = :case_id
UNION ALL
SELECT 'plan', a.approved_at, v.id, 'plan', 'approved', NULL, NULL, v.number, u.name, u.agency_id,
    NULL, NULL
FROM approvals a JOIN plan_versions v ON v.id = a.version_id
LEFT JOIN cmis_acted(:case_id, 'plan') u ON u.id = a.approved_by
WHERE a.case_id = :case_id
UNION ALL
SELECT 'letter', at, r.id, r.kind, act, r.requested, r.requested, NULL, NULL, r.from_agency,
    r.to_agency, NULL
FROM referrals r, LATERAL (VALUES (r.sent_at, 'sent'), (r.received_at, 'received'),
    (r.changed_at, r.status)) step (at, act)
WHERE r.case_id = :case_id AND at IS NOT NULL
UNION ALL
SELECT 'deadline', CASE WHEN d.status = 'open' THEN d.due ELSE d.done_at END, d.id, d.kind,
    CASE WHEN d.status = 'open' AND d.due < now() THEN 'late'
        WHEN d.status = 'cancelled' AND cmis_danger(d.kind) THEN 'called_off' ELSE d.status END,
    d.duty_th, d.duty_en, NULL, d.done_name, u.agency_id, NULL, d.reason
FROM deadlines d LEFT JOIN cmis_acted(:case_id, 'steps') u ON u.id = d.done_by
WHERE d.case_id = :case_id
UNION ALL
SELECT 'deadline', step.at, d.id, d.kind, step.act, d.duty_th, d.duty_en, NULL, step.name,
    step.agency, NULL, step.reason
FROM limits_taken_back t JOIN deadlines d ON d.id = t.deadline_id CROSS JOIN LATERAL (VALUES
    (t.ended_at, CASE WHEN t.was = 'cancelled' AND cmis_danger(d.kind) THEN 'called_off'
        ELSE t.was END, t.ended_name, t.ended_agency, t.ended_reason),
    (t.done_at, 'taken_back', t.done_name, t.done_agency, t.reason)) step (at, act, name, agency,
    reason)
WHERE t.case_id = :case_id
UNION ALL
SELECT 'document', c.done_at, d.id, d.type_id, c.act, d.title, d.title, v.number, u.name,
    u.agency_id, c.party, c.note
FROM document_custody c JOIN documents d ON d.id = c.document_id
LEFT JOIN document_versions v ON v.id = c.version_id
LEFT JOIN cmis_acted(:case_id, 'documents') u ON u.id = c.done_by
WHERE c.case_id = :case_id AND c.act <> 'read'
UNION ALL
SELECT 'conference', at, f.id, f.decision, act, NULL, NULL, f.number, NULL, NULL, NULL, NULL
FROM conferences f, LATERAL (VALUES (f.meets_at, 'meets'), (f.decided_at, 'decided'),
    (f.closed_at, 'closed')) step (at, act)
WHERE f.case_id = :case_id AND at IS NOT NULL
UNION ALL
SELECT 'approval', at, coalesce(v.document_id, s.subject_id), s.kind, act, NULL, NULL, NULL, step.name, u.agency_id, NULL, NULL
FROM sign_offs s CROSS JOIN LATERAL (VALUES
    (s.requested_at, 'asked', s.requested_name, s.requested_by),
    (s.decided_at, s.verdict, s.decided_name, s.decided_by)) step (at, act, name, who)
LEFT JOIN document_versions v ON s.kind = 'document' AND v.id = s.subject_id
LEFT JOIN (SELECT * FROM cmis_acted(:case_id, 'sign_offs')
    UNION SELECT * FROM cmis_acted(:case_id, 'documents')) u ON u.id = step.who
WHERE s.case_id = :case_id AND at IS NOT NULL
ORDER BY at DESC, what, subject_id, act;
