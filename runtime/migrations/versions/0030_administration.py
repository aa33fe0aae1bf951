"""What an administrator does with accounts: functions that ask for the role, and who did what.

The application's own role still reads no password and writes no account: each function checks that
an administrator asks, changes one account that is not the asker's own, and leaves a line behind.
"""

from __future__ import annotations

from alembic import op

revision = "0030_administration"
down_revision = "0029_deadline_reasons"
branch_labels = None
depends_on = None

TRACE = """
CREATE TABLE account_changes (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id text NOT NULL,
    act text NOT NULL CHECK (act IN ('made', 'changed', 'locked', 'opened', 'reset')),
    done_by text NOT NULL,
    done_at timestamptz NOT NULL DEFAULT now()
);
REVOKE ALL ON account_changes FROM cmis_app;
"""
FUNCTIONS = """
CREATE FUNCTION cmis_accounts() RETURNS TABLE (id text, login text, name text, role text,
    agency_id text, profession text, active boolean, locked_until timestamptz,
    last_seen_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$ SELECT u.id, u.login, u.name, u.role, u.agency_id, u.profession, u.active, u.locked_until,
       (SELECT max(s.last_seen_at) FROM sessions s WHERE s.user_id = u.id)
   FROM users u WHERE cmis_role() = 'administrator' ORDER BY u.agency_id, u.name, u.id $$;

CREATE FUNCTION cmis_may_administer(who text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF cmis_role() IS DISTINCT FROM 'administrator' OR who = cmis_user_id() THEN
        RAISE EXCEPTION 'not for this role' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

CREATE FUNCTION cmis_make_account(who text, new_login text, hashed text, new_name text,
    new_role text, agency text, new_profession text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM cmis_may_administer(who);
    INSERT INTO users (id, login, password_hash, name, role, agency_id, profession)
    VALUES (who, new_login, hashed, new_name, new_role, agency, new_profession);
    INSERT INTO account_changes (user_id, act, done_by) VALUES (who, 'made', cmis_user_id());
END $$;

CREATE FUNCTION cmis_change_account(who text, new_name text, new_role text, agency text,
    new_profession text, opened boolean) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE before users%ROWTYPE;
BEGIN
    PERFORM cmis_may_administer(who);
    SELECT * INTO before FROM users WHERE id = who FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE users SET name = new_name, role = new_role, agency_id = agency,
        profession = new_profession, active = opened,
        locked_until = CASE WHEN opened THEN NULL ELSE locked_until END WHERE id = who;
    IF NOT opened OR new_role <> before.role OR agency <> before.agency_id THEN
        DELETE FROM sessions WHERE user_id = who;
    END IF;
    INSERT INTO account_changes (user_id, act, done_by) VALUES (who,
        CASE WHEN opened = before.active THEN 'changed' WHEN opened THEN 'opened' ELSE 'locked' END,
        cmis_user_id());
    RETURN true;
END $$;

CREATE FUNCTION cmis_reset_account(who text, hashed text) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM cmis_may_administer(who);
    UPDATE users SET password_hash = hashed, failed_logins = 0, locked_until = NULL WHERE id = who;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM sessions WHERE user_id = who;
    INSERT INTO account_changes (user_id, act, done_by) VALUES (who, 'reset', cmis_user_id());
    RETURN true;
END $$;
"""
CALLED = (
    "cmis_accounts()",
    "cmis_make_account(text, text, text, text, text, text, text)",
    "cmis_change_account(text, text, text, text, text, boolean)",
    "cmis_reset_account(text, text)",
)
CLOSED = """
REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {function} TO cmis_app;
"""


def upgrade() -> None:
    op.execute(TRACE)
    op.execute(FUNCTIONS)
    for function in CALLED:
        op.execute(CLOSED.format(function=function))
    op.execute("REVOKE EXECUTE ON FUNCTION cmis_may_administer(text) FROM PUBLIC, cmis_app")


def downgrade() -> None:
    for function in (*reversed(CALLED), "cmis_may_administer(text)"):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP TABLE account_changes")
