"""What of a letter must be approved before its receiver may take it on.

``signed_first`` names the kinds of approval; the database refuses an acceptance that comes before
they are given. A plan is approved in a table of its own, so it is no kind of sign-off.
"""

from __future__ import annotations

from alembic import op

revision = "0022_signed_first"
down_revision = "0021_trial_counts"
branch_labels = None
depends_on = None

FIRST = """
ALTER TABLE referrals ADD COLUMN signed_first text[] NOT NULL DEFAULT '{}';
DELETE FROM sign_off_kinds WHERE id = 'plan';

CREATE FUNCTION cmis_check_signed_first() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
BEGIN
    IF NEW.status = 'accepted' AND OLD.status <> 'accepted' AND EXISTS (
        SELECT FROM unnest(NEW.signed_first) wanted WHERE NOT EXISTS (
            SELECT FROM sign_offs s WHERE s.case_id = NEW.case_id AND s.kind = wanted
                AND s.subject_id = NEW.id AND s.verdict = 'approved')) THEN
        RAISE EXCEPTION 'not approved yet'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_unsigned';
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION cmis_check_signed_first() FROM PUBLIC;
CREATE TRIGGER check_signed_first BEFORE UPDATE ON referrals
    FOR EACH ROW EXECUTE FUNCTION cmis_check_signed_first();
"""


def upgrade() -> None:
    op.execute(FIRST)


def downgrade() -> None:
    op.execute(
        "DROP TRIGGER check_signed_first ON referrals;"
        "DROP FUNCTION cmis_check_signed_first();"
        "ALTER TABLE referrals DROP COLUMN signed_first;"
        "INSERT INTO sign_off_kinds VALUES ('plan', NULL)"
    )
