-- name: add_consent
INSERT INTO consents (id, case_id, subject, purpose, recipients, given_by, method, witnesses,
                      details, given_at, expires_at, recorded_by)
VALUES (:id, :case_id, :subject, :purpose, :recipients, :given_by, :method, :witnesses,
        CAST(:details AS jsonb), :given_at, :expires_at, :who);
-- name: get_consent
SELECT k.id, k.case_id, k.subject, k.purpose, k.recipients, k.given_by, k.method, k.witnesses,
    k.details, k.given_at, k.expires_at, k.withdrawn_at, k.withdrawn_reason,
    (k.withdrawn_at IS NULL AND k.expires_at > now()) AS holds,
    (cmis_role() NOT IN ('auditor', 'mdt_member') AND (cmis_may_write(k.case_id, 'own')
        OR (cmis_agency_id() = ANY (k.recipients) AND cmis_may_write(k.case_id, 'case'))))
        AS may_withdraw
FROM consents k WHERE k.id = :id;
-- name: of_case
SELECT k.id, k.case_id, k.subject, k.purpose, k.recipients, k.given_by, k.method, k.witnesses,
    k.details, k.given_at, k.expires_at, k.withdrawn_at, k.withdrawn_reason,
    (k.withdrawn_at IS NULL AND k.expires_at > now()) AS holds,
    (cmis_role() NOT IN ('auditor', 'mdt_member') AND (cmis_may_write(k.case_id, 'own')
        OR (cmis_agency_id() = ANY (k.recipients) AND cmis_may_write(k.case_id, 'case'))))
        AS may_withdraw
FROM consents k WHERE k.case_id = :case_id ORDER BY k.recorded_at DESC, k.id;
-- name: withdraw
UPDATE consents SET withdrawn_at = now(), withdrawn_by = :who, withdrawn_reason = :reason
WHERE id = :id;
