-- name: add_referral
INSERT INTO referrals (id, case_id, kind, from_agency, to_agency, purpose, basis, basis_reason,
    consent_id, requested, services, parts, shared, answer_by, replaces, sent_by,
    signed_first)
VALUES (:id, :case_id, :kind, :from_agency, :to_agency, :purpose, :basis, :basis_reason,
    :consent_id, :requested, CAST(:services AS jsonb), :parts, CAST(:shared AS jsonb), :answer_by,
    :replaces, :who, :signed_first);
-- name: get_referral
SELECT r.id, r.case_id, r.kind, r.from_agency, r.to_agency, r.purpose, r.basis, r.basis_reason,
    r.consent_id, r.requested, r.services, r.parts, r.shared, r.answer_by, r.replaces, r.status,
    r.reason_code, r.comment, r.sent_at, r.received_at, r.changed_at,
    (r.status = 'pending' AND r.answer_by < now()) AS overdue
FROM referrals r WHERE r.id = :id;
-- name: of_case
SELECT r.id, r.case_id, r.kind, r.from_agency, r.to_agency, r.purpose, r.basis, r.basis_reason,
    r.consent_id, r.requested, r.services, r.parts, r.shared, r.answer_by, r.replaces, r.status,
    r.reason_code, r.comment, r.sent_at, r.received_at, r.changed_at,
    (r.status = 'pending' AND r.answer_by < now()) AS overdue
FROM referrals r WHERE r.case_id = :case_id ORDER BY r.sent_at, r.id;
-- name: between
SELECT r.id, r.case_id, r.kind, r.from_agency, r.to_agency, r.purpose, r.basis, r.basis_reason,
    r.consent_id, r.requested, r.services, r.parts, r.shared, r.answer_by, r.replaces, r.status,
    r.reason_code, r.comment, r.sent_at, r.received_at, r.changed_at,
    (r.status = 'pending' AND r.answer_by < now()) AS overdue
FROM referrals r
WHERE (CAST(:status AS text) IS NULL OR r.status = :status)
  AND ((:box = 'in' AND r.to_agency = :agency) OR (:box = 'out' AND r.from_agency = :agency))
ORDER BY (r.status = 'pending') DESC, r.answer_by, r.id LIMIT :limit OFFSET :offset;
-- name: acknowledge
UPDATE referrals SET received_by = :who, received_at = now()
WHERE id = :id AND received_at IS NULL AND to_agency = :agency;
-- name: set_status
UPDATE referrals SET status = :status, reason_code = :reason_code, comment = :comment,
    changed_by = :who, changed_at = now()
WHERE id = :id AND status <> :status;
-- name: take_over
SELECT cmis_take_over(:id, :who);
-- name: agencies
SELECT id, kind, name_th, name_en, contact FROM agencies WHERE receives ORDER BY id;
