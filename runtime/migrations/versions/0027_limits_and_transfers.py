"""A plan's own limits are no longer mistaken for the time in which the plan must be finished, and
a transfer takes the people of the case along.

Whoever plays a part in another case of the sending agency stays with it. A transfer of a case that
meanwhile belongs to another agency is refused; it was marked as done, and nothing had moved.
"""

from __future__ import annotations

from alembic import op

revision = "0027_limits_and_transfers"
down_revision = "0026_erasing"
branch_labels = None
depends_on = None

CASE_ROLES = (
    "'social_worker_province', 'social_worker_shelter', 'prosecutor_youth_family', "
    "'coordination_centre_subdistrict', 'supervisor'"
)
# The setting lets the owner see the rows: see 0026.
RENAMED = """
SELECT set_config('cmis.erasing', 'on', true);
UPDATE deadlines SET kind = '{after}'
WHERE kind = '{before}' AND source IN (SELECT id FROM plan_versions);
SELECT set_config('cmis.erasing', '', true);
"""
TAKE_OVER = """
CREATE OR REPLACE FUNCTION cmis_take_over(wanted text, new_owner text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
DECLARE referral referrals%ROWTYPE;
BEGIN
    SELECT * INTO referral FROM referrals WHERE id = wanted AND kind = 'transfer'
        AND status = 'accepted' AND to_agency = cmis_agency_id();
    IF NOT FOUND OR cmis_role() NOT IN (__CASE_ROLES__) OR new_owner <> cmis_user_id() THEN
        RAISE EXCEPTION 'no such transfer' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE cases SET agency_id = referral.to_agency, owner_id = new_owner, updated_at = now()
    WHERE id = referral.case_id AND agency_id = referral.from_agency;__MORE__
    UPDATE referrals SET status = 'done' WHERE id = wanted;
END $$;
""".replace("__CASE_ROLES__", CASE_ROLES)
MORE = """
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the case is with another agency by now'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_step';
    END IF;
    WITH moved AS (
        UPDATE persons p SET agency_id = referral.to_agency
        WHERE p.agency_id = referral.from_agency
          AND p.id IN (SELECT person_id FROM case_persons WHERE case_id = referral.case_id)
          AND NOT EXISTS (SELECT FROM case_persons o JOIN cases c ON c.id = o.case_id
              WHERE o.person_id = p.id AND o.standing <> 'removed'
                AND c.agency_id = referral.from_agency)
        RETURNING p.id)
    UPDATE person_index i SET agency_id = referral.to_agency
    FROM moved WHERE i.person_id = moved.id;
    UPDATE erasures e SET agency_id = p.agency_id FROM persons p
    WHERE p.id = e.person_id AND p.agency_id = referral.to_agency
      AND e.agency_id = referral.from_agency;"""


def upgrade() -> None:
    op.execute(RENAMED.format(before="plan", after="limit"))
    op.execute(TAKE_OVER.replace("__MORE__", MORE))


def downgrade() -> None:
    op.execute(TAKE_OVER.replace("__MORE__", ""))
    op.execute(RENAMED.format(before="limit", after="plan"))
