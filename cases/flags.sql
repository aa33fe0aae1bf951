-- Statements of red flags that wait for a person's word.

-- name: add_flag_decision
INSERT INTO flag_decisions (case_id, flag, decision, decided_by)
VALUES (:case_id, :flag, :decision, :decided_by);
-- name: flag_decisions
SELECT DISTINCT ON (d.flag) d.flag, d.decision, u.name AS by_name, u.agency_id AS by_agency,
    d.decided_at AS at
FROM flag_decisions d LEFT JOIN cmis_acted(:case_id, 'codes') u ON u.id = d.decided_by
WHERE d.case_id = :case_id ORDER BY d.flag, d.id DESC;
