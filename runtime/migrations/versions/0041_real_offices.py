"""A real office begins and grows: its first administrator, further agencies, passwords to change.

Before anybody has an account nobody can be asked for a role, so the sign-in page learns from a
function only that there is none yet. An administrator adds agencies as they change them, through a
function that asks for the role. A password that somebody else set is due to be changed by whom it
is for; the row itself says so, whichever function set it.
"""

from __future__ import annotations

from alembic import op

revision = "0041_real_offices"
down_revision = "0040_who_ends_what"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE agencies ADD COLUMN contact text NOT NULL DEFAULT '';
ALTER TABLE agency_changes ALTER COLUMN before DROP NOT NULL;
ALTER TABLE users ADD COLUMN password_due boolean NOT NULL DEFAULT false;
"""
DUE = """
CREATE FUNCTION cmis_password_due() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF coalesce(cmis_user_id(), '') <> '' THEN
        NEW.password_due := NEW.id <> cmis_user_id();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER password_due BEFORE INSERT OR UPDATE OF password_hash ON users
    FOR EACH ROW EXECUTE FUNCTION cmis_password_due();
"""
EMPTY = """
CREATE FUNCTION cmis_nobody_yet() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$ SELECT NOT EXISTS (SELECT FROM users) $$;
REVOKE EXECUTE ON FUNCTION cmis_nobody_yet() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_nobody_yet() TO cmis_app;
"""
SIGNED_IN = """
DROP FUNCTION cmis_session_person(text);
CREATE FUNCTION cmis_session_person(token text)
RETURNS TABLE (id text, login text, name text, role text, agency_id text, language text,
               agency_th text, agency_en text{column})
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$ UPDATE sessions SET last_seen_at = now()
   WHERE token_hash = token AND last_seen_at < now() - interval '1 minute';
   SELECT u.id, u.login, u.name, u.role, u.agency_id, u.language, a.name_th, a.name_en{value}
   FROM sessions s JOIN users u ON u.id = s.user_id JOIN agencies a ON a.id = u.agency_id
   WHERE s.token_hash = token AND s.expires_at > now() AND u.active $$;
REVOKE EXECUTE ON FUNCTION cmis_session_person(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_session_person(text) TO cmis_app;
"""
ADD = """
CREATE FUNCTION cmis_add_agency(which text, what_kind text, th text, en text, two_people boolean,
    takes_letters boolean, place text, reached text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE after agencies%ROWTYPE;
BEGIN
    IF cmis_role() IS DISTINCT FROM 'administrator' THEN
        RAISE EXCEPTION 'not for this role' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO agencies (id, kind, name_th, name_en, two_person_approval, receives, region,
        contact)
    VALUES (which, what_kind, th, en, two_people, takes_letters, place, reached)
    RETURNING * INTO after;
    INSERT INTO agency_changes (agency_id, after, done_by)
    VALUES (which, to_jsonb(after), cmis_user_id());
END $$;
REVOKE EXECUTE ON FUNCTION cmis_add_agency(text, text, text, text, boolean, boolean, text, text)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_add_agency(text, text, text, text, boolean, boolean, text, text)
    TO cmis_app;
"""
CHANGE = """
CREATE FUNCTION cmis_change_agency(which text, th text, en text, two_people boolean,
    takes_letters boolean, place text{argument}) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE before agencies%ROWTYPE;
DECLARE after agencies%ROWTYPE;
BEGIN
    IF cmis_role() IS DISTINCT FROM 'administrator' THEN
        RAISE EXCEPTION 'not for this role' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO before FROM agencies WHERE id = which FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE agencies SET name_th = th, name_en = en, two_person_approval = two_people,
        receives = takes_letters, region = place{value} WHERE id = which RETURNING * INTO after;
    INSERT INTO agency_changes (agency_id, before, after, done_by)
    VALUES (which, to_jsonb(before), to_jsonb(after), cmis_user_id());
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION cmis_change_agency(text, text, text, boolean, boolean, text{type})
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_change_agency(text, text, text, boolean, boolean, text{type})
    TO cmis_app;
"""
REACHED = {
    "argument": ", reached text",
    "value": ", contact = coalesce(reached, contact)",
    "type": ", text",
}
AS_BEFORE = dict.fromkeys(REACHED, "")


def upgrade() -> None:
    for part in (COLUMNS, DUE, EMPTY, ADD):
        op.execute(part)
    op.execute(SIGNED_IN.format(column=", password_due boolean", value=", u.password_due"))
    op.execute("DROP FUNCTION cmis_change_agency(text, text, text, boolean, boolean, text)")
    op.execute(CHANGE.format(**REACHED))


def downgrade() -> None:
    op.execute("DROP FUNCTION cmis_change_agency(text, text, text, boolean, boolean, text, text)")
    op.execute(CHANGE.format(**AS_BEFORE))
    op.execute(SIGNED_IN.format(column="", value=""))
    op.execute(
        "DROP FUNCTION cmis_add_agency(text, text, text, text, boolean, boolean, text, text)"
    )
    op.execute("DROP FUNCTION cmis_nobody_yet()")
    op.execute("DROP TRIGGER password_due ON users; DROP FUNCTION cmis_password_due()")
    op.execute("ALTER TABLE users DROP COLUMN password_due")
    op.execute("DELETE FROM agency_changes WHERE before IS NULL")
    op.execute("ALTER TABLE agency_changes ALTER COLUMN before SET NOT NULL")
    op.execute("ALTER TABLE agencies DROP COLUMN contact")
