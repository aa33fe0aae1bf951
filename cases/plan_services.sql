-- name: add_service
INSERT INTO plan_services (id, case_id, referral_id, action_id, text, agency_id, status, due,
                           added_by, changed_by, changed_name)
VALUES (:id, :case_id, :referral_id, :action_id, :text, :agency_id, :status, :due, :who, :who,
        :name);
-- name: answer
UPDATE plan_services SET status = :status, revision = revision + 1, changed_by = :who,
    changed_name = :name, changed_at = now()
WHERE referral_id = :referral_id AND status IN ('offered', 'accepted', 'under_way');
-- name: change
UPDATE plan_services SET status = :status, result = :result, revision = revision + 1,
    changed_by = :who, changed_name = :name, changed_at = now()
WHERE id = :id AND revision = :revision;
-- name: get_service
SELECT id, case_id, referral_id, action_id, text, agency_id, status, due, result, revision,
    changed_name, changed_at
FROM plan_services WHERE id = :id;
-- name: of_case
SELECT s.id, s.case_id, s.referral_id, s.action_id, s.text, s.agency_id, s.status, s.due, s.result,
    s.revision, s.changed_name, s.changed_at, u.agency_id AS changed_agency
FROM plan_services s LEFT JOIN cmis_acted(:case_id, 'services') u ON u.id = s.changed_by
WHERE s.case_id = :case_id ORDER BY s.due NULLS LAST, s.changed_at, s.id;
