-- The cases a person may see, a page at a time.

-- name: page
WITH told AS MATERIALIZED (
    SELECT cmis_find_cases(CAST(:tokens AS text[]), :story_read) AS id
    UNION SELECT cmis_find_cases(CAST(:joined AS text[]), :story_read)),
known AS MATERIALIZED (
    SELECT case_id, array_agg(DISTINCT CASE kind WHEN 'citizen_id' THEN kind WHEN 'phone' THEN kind
        ELSE 'name' END) AS kinds, array_agg(DISTINCT person_id)
            FILTER (WHERE kind IN ('citizen_id', 'phone', 'name')) AS persons
    FROM cmis_find_people(CAST(:kinds AS text[]), CAST(:blind AS bytea[]),
        CAST(:readable AS text[])) GROUP BY case_id),
found AS MATERIALIZED (
    SELECT id, array_position(ARRAY['immediate_1h', '24h', '72h', 'routine'], urgency) AS rank,
        (status = 'approved') AS approved, received_at
    FROM cases
    WHERE (CAST(:status AS text) IS NULL OR status = :status)
      AND (CAST(:urgency AS text) IS NULL OR urgency = :urgency)
      AND (CAST(:open AS boolean) IS NULL OR (status NOT IN ('approved', 'closed')) = :open)
      AND (CAST(:words AS text) IS NULL OR position(:words IN number) > 0
           OR (agency_id = (SELECT cmis_home_agency()) AND position(:words IN lower(title)) > 0)
           OR id IN (SELECT id FROM told) OR id IN (SELECT case_id FROM known))),
page AS (
    SELECT * FROM found ORDER BY rank, approved, received_at DESC, id LIMIT :limit OFFSET :offset)
SELECT t.total, c.id, c.number, c.urgency, c.status, c.received_at, c.updated_at,
    CASE WHEN c.agency_id = (SELECT cmis_home_agency()) THEN c.title ELSE c.number END AS title,
    CASE WHEN c.agency_id = (SELECT cmis_home_agency()) THEN 'own' ELSE cmis_relation(c.id) END
        AS relation,
    CASE WHEN CAST(:words AS text) IS NULL THEN '{}' ELSE array_remove(ARRAY[
        CASE WHEN position(:words IN c.number) > 0 THEN 'number' END,
        CASE WHEN c.agency_id = (SELECT cmis_home_agency())
            AND position(:words IN lower(c.title)) > 0 THEN 'title' END,
        CASE WHEN c.id IN (SELECT id FROM told) THEN 'story' END], NULL) || k.kinds END AS matched,
    k.persons
FROM (SELECT count(*) AS total FROM found) t
LEFT JOIN (page p JOIN cases c ON c.id = p.id LEFT JOIN known k ON k.case_id = c.id) ON true
ORDER BY p.rank, p.approved, p.received_at DESC, p.id;
-- name: agency_kind
SELECT kind FROM agencies WHERE id = cmis_agency_id();
