-- What a bundle tells beside codes and plan.

-- name: referrals_sent
SELECT id, from_agency, to_agency, requested, status, sent_at FROM referrals
WHERE case_id = :case_id ORDER BY sent_at, id;
-- name: consents_given
SELECT id, purpose, given_at, expires_at, withdrawn_at FROM consents
WHERE case_id = :case_id ORDER BY given_at, id;
