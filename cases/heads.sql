-- What stands at the head of a case beside its title: whom it is about, and the risk judged last.

-- name: clients
SELECT p.id, p.agency_id, p.sealed, p.wrapped_key, p.key_number, c.standing,
    EXISTS (SELECT FROM case_persons r WHERE r.case_id = c.case_id AND r.person_id = p.id
        AND r.role = 'reporter' AND r.standing <> 'removed') AS reported
FROM persons p JOIN case_persons c ON c.person_id = p.id
WHERE c.case_id = :case_id AND c.role = 'client' AND c.standing <> 'removed'
    AND p.sealed IS NOT NULL
ORDER BY (c.standing = 'confirmed') DESC, p.created_at, p.id;
-- name: own_view
SELECT EXISTS (SELECT FROM entries WHERE case_id = :case_id AND kind = ANY (:kinds)
    AND recorded_by = :who);
-- name: risk
SELECT kind, content ->> 'risk' AS level, content ->> 'safety' AS safety,
    coalesce(nullif(content ->> 'risk_why', ''), nullif(content ->> 'why_changed', ''),
        nullif(content ->> 'opinion', '')) AS why,
    recorded_name AS by_name, recorded_at AS at
FROM entries WHERE case_id = :case_id AND kind = ANY (:kinds)
ORDER BY recorded_at DESC, id DESC LIMIT 1;
