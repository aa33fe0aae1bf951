-- How many open cases of a home agency meet which conditions of `cases.steps`.
-- The conditions are kept with each case by the transaction that changes its record (migration
-- 0036); row-level security decides which cases there are, `:mine` narrows them to the person's.

-- name: conditions_met
SELECT c.urgency, coalesce(k.met, '{}') AS met, count(*) AS cases
FROM cases c LEFT JOIN case_conditions k ON k.case_id = c.id
WHERE c.agency_id = (SELECT cmis_home_agency()) AND (NOT :mine OR c.owner_id = cmis_user_id())
    AND (c.status <> 'closed' OR EXISTS (SELECT FROM deadlines d WHERE d.case_id = c.id
        AND d.status = 'open' AND d.kind = 'surveillance'))
GROUP BY 1, 2;
