-- name: add_deadline
INSERT INTO deadlines (id, case_id, kind, duty_th, duty_en, statutory, source, due, added_by)
VALUES (:id, :case_id, :kind, :duty_th, :duty_en, :statutory, :source, :due, :who)
ON CONFLICT DO NOTHING;
-- name: of_case
SELECT d.id, d.case_id, d.kind, d.duty_th, d.duty_en, d.statutory, d.source, d.agency_id, d.due,
    d.first_due, d.status, d.done_at, d.done_name, d.reason, cmis_danger(d.kind) AS danger,
    (d.status = 'open' AND d.due < now()) AS overdue,
    (d.status = 'open' AND cmis_may_end(c.agency_id, d.agency_id, d.kind, d.statutory,
        c.id = ANY ((SELECT cmis_shared_cases('steps'))::text[]))) AS may_end,
    CASE WHEN d.status <> 'open' AND cmis_of_today(d.done_at) AND cmis_may_end(c.agency_id,
            d.agency_id, d.kind, d.statutory,
            c.id = ANY ((SELECT cmis_shared_cases('steps'))::text[]))
        THEN NOT cmis_built_on(d.id) ELSE false END AS may_take_back,
    back.done_at AS back_at, back.done_name AS back_name, back.done_agency AS back_agency,
    back.reason AS back_reason
FROM deadlines d JOIN cases c ON c.id = d.case_id
LEFT JOIN LATERAL (SELECT * FROM limits_taken_back t WHERE t.deadline_id = d.id
    ORDER BY t.done_at DESC LIMIT 1) back ON true
WHERE d.case_id = :case_id
ORDER BY (d.status = 'open') DESC, d.due, d.id;
-- name: end_kind
UPDATE deadlines SET status = :status, done_by = :who, done_name = :name, done_at = now(),
    ended_by = :by
WHERE case_id = :case_id AND kind = :kind AND status = 'open';
-- name: end_by_entry
SELECT cmis_end_by_entry(:entry, :kind, :how, CAST(:early_days AS integer));
-- name: limits_met
SELECT duty_th, due FROM deadlines WHERE case_id = :case_id AND kind = 'limit' AND status = 'done';
-- name: rest_all
UPDATE deadlines SET status = 'cancelled', done_by = :who, done_name = :name, done_at = now(),
    ended_by = :by
WHERE case_id = :case_id AND status = 'open';
-- name: soon
SELECT d.id, d.case_id, c.number, d.kind, d.duty_th, d.duty_en, d.statutory, d.due,
    (d.due < now()) AS overdue
FROM deadlines d JOIN cases c ON c.id = d.case_id
WHERE d.status = 'open' AND d.due < now() + make_interval(hours => :hours)
ORDER BY d.due, d.id LIMIT :limit;
-- name: end_with_reason
UPDATE deadlines SET status = :status, done_by = :who, done_name = :name, done_at = now(),
    reason = coalesce(:reason, reason)
WHERE id = :id AND status = 'open';
-- name: one_open
SELECT d.case_id, d.kind, cmis_may_end(c.agency_id, d.agency_id, d.kind, d.statutory,
    c.id = ANY ((SELECT cmis_shared_cases('steps'))::text[])) AS may_end
FROM deadlines d JOIN cases c ON c.id = d.case_id WHERE d.id = :id AND d.status = 'open';
-- name: one_ended
SELECT d.case_id, d.kind, d.status, cmis_of_today(d.done_at) AS of_today,
    cmis_built_on(d.id) AS built_on, cmis_may_end(c.agency_id, d.agency_id, d.kind, d.statutory,
    c.id = ANY ((SELECT cmis_shared_cases('steps'))::text[])) AS may_end
FROM deadlines d JOIN cases c ON c.id = d.case_id WHERE d.id = :id AND d.status <> 'open';
-- name: write_back
INSERT INTO limits_taken_back (id, case_id, deadline_id, was, ended_by, ended_name, ended_agency,
    ended_at, ended_reason, reason, done_by, done_name, done_agency)
SELECT :new_id, d.case_id, d.id, d.status, d.done_by, d.done_name, u.agency_id, d.done_at, d.reason,
    :reason, :who, :name, :agency
FROM deadlines d LEFT JOIN LATERAL cmis_acted(d.case_id, 'steps') u ON u.id = d.done_by
WHERE d.id = :id AND d.status <> 'open' ON CONFLICT DO NOTHING;
-- name: take_back
UPDATE deadlines SET status = 'open', done_at = NULL, done_by = :who, done_name = :name,
    reason = NULL
WHERE id = :id AND status <> 'open';
-- name: ended_today
SELECT d.id, d.case_id, c.number, d.kind, d.duty_th, d.duty_en, d.statutory, d.status, d.done_at,
    d.done_name, d.reason
FROM deadlines d JOIN cases c ON c.id = d.case_id
WHERE d.status <> 'open' AND d.done_at > now() - interval '1 day' AND cmis_of_today(d.done_at)
    AND d.ended_by IS NULL AND cmis_may_end(c.agency_id, d.agency_id, d.kind, d.statutory,
        c.id = ANY ((SELECT cmis_shared_cases('steps'))::text[]))
    AND NOT cmis_built_on(d.id)
ORDER BY d.done_at DESC, d.id LIMIT :limit;
-- name: extend
UPDATE deadlines SET first_due = coalesce(first_due, due), due = :due, reason = :reason,
    done_by = :who, done_name = :name
WHERE id = :id AND status = 'open' AND NOT statutory AND due < :due RETURNING case_id;
-- name: open_of_person
SELECT d.id, d.case_id, c.number, d.kind, d.duty_th, d.duty_en, d.statutory, d.due, d.first_due,
    CASE WHEN c.agency_id = (SELECT cmis_home_agency()) OR d.agency_id = (SELECT cmis_agency_id())
        THEN d.reason END AS reason,
    (d.due < now()) AS overdue, p.start, p.sections, e.kind AS entry_kind,
    cmis_danger(d.kind) AS danger, cmis_may_end(c.agency_id, d.agency_id, d.kind, d.statutory,
        c.id = ANY ((SELECT cmis_shared_cases('steps'))::text[])) AS may_end
FROM deadlines d JOIN cases c ON c.id = d.case_id
LEFT JOIN entries e ON e.id = d.source
LEFT JOIN LATERAL (
    SELECT x.value->>'start' AS start, x.value->'duty'->'citations' AS sections
    FROM plan_versions v, jsonb_array_elements(v.content->'deadlines') AS x
    WHERE v.id = d.source AND x.value->'duty'->>'text' = d.duty_th
    LIMIT 1) p ON true
WHERE d.status = 'open' AND d.due < now() + make_interval(days => :days)
ORDER BY d.due, d.id LIMIT :limit;
-- name: open_by_day
SELECT CAST(d.due AT TIME ZONE 'Asia/Bangkok' AS date) AS day, count(*) AS count,
    count(*) FILTER (WHERE d.statutory) AS statutory
FROM deadlines d WHERE d.status = 'open' AND d.due < now() + make_interval(days => :days)
GROUP BY 1 ORDER BY 1;
