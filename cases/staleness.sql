-- name: plans_behind
SELECT p.* FROM (
    SELECT DISTINCT ON (v.case_id) v.case_id, c.number AS case_number, c.agency_id,
        v.id AS version_id, v.number AS version, (a.version_id IS NOT NULL) AS approved,
        v.content->>'knowledge_version' AS knowledge_version, v.content->'citations' AS citations
    FROM plan_versions v JOIN cases c ON c.id = v.case_id
    LEFT JOIN approvals a ON a.version_id = v.id
    WHERE c.status <> 'closed' ORDER BY v.case_id, v.number DESC) p
WHERE p.knowledge_version IS DISTINCT FROM :known ORDER BY p.case_number LIMIT :most;
