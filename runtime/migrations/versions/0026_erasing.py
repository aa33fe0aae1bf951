"""An erasure reaches every row of a case also where the owner is no superuser.

Tables of cases obey row-level security even for their owner, so an owner without a policy sees no
row and an UPDATE succeeds on none. ``cmis_erasing()`` is true for the owner alone, and only while
an erasure runs; every table whose policies bind the owner has a policy that asks it, later tables
through ``cmis_reach_by_erasure('its_table')``. What guards the steps of people does not stop an
erasure from writing a text anew: withdrawn consents, decided sign-offs and accepted letters hold
names, too.
"""

from __future__ import annotations

from alembic import op

revision = "0026_erasing"
down_revision = "0025_drawers"
branch_labels = None
depends_on = None

ERASING = """
CREATE FUNCTION cmis_erasing() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce(current_setting('cmis.erasing', true) = 'on', false) AND pg_has_role(
       current_user, (SELECT relowner FROM pg_class WHERE oid = 'public.cases'::regclass),
       'USAGE') $$;

CREATE FUNCTION cmis_reach_by_erasure(wanted text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE POLICY within_erasure ON %I TO CURRENT_USER
        USING ((SELECT cmis_erasing())) WITH CHECK ((SELECT cmis_erasing()))', wanted);
END $$;
REVOKE EXECUTE ON FUNCTION cmis_reach_by_erasure(text) FROM PUBLIC, cmis_app;

SELECT cmis_reach_by_erasure(c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relforcerowsecurity ORDER BY c.relname;
"""
GUARDS = """
CREATE OR REPLACE FUNCTION cmis_check_referral() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
BEGIN
    IF NEW.consent_id IS NOT NULL{when} AND NOT EXISTS (
        SELECT FROM consents c WHERE c.id = NEW.consent_id AND c.case_id = NEW.case_id
            AND c.withdrawn_at IS NULL AND c.expires_at > now()
            AND c.purpose = NEW.purpose AND NEW.to_agency = ANY (c.recipients)) THEN
        RAISE EXCEPTION 'no consent holds for this'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_consent';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.status <> OLD.status THEN
        IF (OLD.status, NEW.status) NOT IN (('pending', 'accepted'), ('pending', 'rejected'),
            ('pending', 'revoked'), ('accepted', 'done'), ('accepted', 'revoked')) THEN
            RAISE EXCEPTION 'a referral cannot take this step'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_step';
        END IF;
        IF cmis_agency_id() IS DISTINCT FROM
            (CASE NEW.status WHEN 'revoked' THEN OLD.from_agency ELSE OLD.to_agency END) THEN
            RAISE EXCEPTION 'not for this agency to say'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_party';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION cmis_check_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL{unless} THEN
        RAISE EXCEPTION 'withdrawn already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_withdrawn_once';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION cmis_check_sign_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT coalesce(k.two_people, a.two_person_approval) INTO STRICT NEW.two_people
        FROM sign_off_kinds k, cases c JOIN agencies a ON a.id = c.agency_id
        WHERE k.id = NEW.kind AND c.id = NEW.case_id;
        NEW.verdict := NULL; NEW.decided_by := NULL; NEW.decided_at := NULL;
    ELSIF OLD.verdict IS NOT NULL{unless} THEN
        RAISE EXCEPTION 'decided already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_off_once';
    END IF;
    RETURN NEW;
END $$;
"""
ALWAYS = " AND (TG_OP = 'INSERT' OR NEW.status = 'accepted')"
ON_ACCEPTING = " AND (TG_OP = 'INSERT' OR (NEW.status = 'accepted' AND OLD.status <> 'accepted'))"


def upgrade() -> None:
    op.execute(ERASING)
    op.execute(GUARDS.format(when=ON_ACCEPTING, unless=" AND NOT cmis_erasing()"))


def downgrade() -> None:
    op.execute(GUARDS.format(when=ALWAYS, unless=""))
    op.execute(
        """
        DO $$ DECLARE t name; BEGIN
            FOR t IN SELECT tablename FROM pg_policies WHERE policyname = 'within_erasure' LOOP
                EXECUTE format('DROP POLICY within_erasure ON %I', t);
            END LOOP;
        END $$;
        DROP FUNCTION cmis_reach_by_erasure(text); DROP FUNCTION cmis_erasing();
        """
    )
