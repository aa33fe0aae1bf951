"""The record: people who sign in, cases and all that hangs on them, decided row by row.

Case tables obey row-level security even for their owner. Versions, approvals and audit events
can be added and never changed. Signing in happens before anybody is known, so it goes through a
few functions of the owner and nothing else.
"""

from __future__ import annotations

from alembic import op

revision = "0003_record"
down_revision = "0002_knowledge"
branch_labels = None
depends_on = None

PEOPLE = """
CREATE TABLE agencies (
    id text PRIMARY KEY,
    name_th text NOT NULL,
    name_en text NOT NULL,
    two_person_approval boolean NOT NULL DEFAULT false
);
CREATE TABLE users (
    id text PRIMARY KEY,
    login text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('social_worker_province', 'social_worker_shelter',
        'prosecutor_youth_family', 'coordination_centre_subdistrict', 'supervisor', 'mdt_member',
        'researcher', 'auditor', 'administrator')),
    agency_id text NOT NULL REFERENCES agencies,
    language text NOT NULL DEFAULT 'th' CHECK (language IN ('th', 'en')),
    active boolean NOT NULL DEFAULT true,
    failed_logins integer NOT NULL DEFAULT 0,
    locked_until timestamptz
);
CREATE TABLE sessions (
    token_hash text PRIMARY KEY,
    user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL DEFAULT now()
);
REVOKE ALL ON agencies, users, sessions FROM cmis_app;
GRANT SELECT ON agencies TO cmis_app;
GRANT SELECT (id, login, name, role, agency_id, language, active) ON users TO cmis_app;
GRANT UPDATE (language) ON users TO cmis_app;
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY colleagues ON users FOR SELECT TO cmis_app USING (agency_id = cmis_agency_id());
CREATE POLICY oneself ON users FOR UPDATE TO cmis_app USING (id = cmis_user_id());
"""

SIGNING_IN = """
CREATE FUNCTION cmis_login_lookup(wanted text)
RETURNS TABLE (id text, password_hash text, active boolean, locked_until timestamptz)
LANGUAGE sql SECURITY DEFINER STABLE SET search_path = pg_catalog, public AS
$$ SELECT id, password_hash, active, locked_until FROM users WHERE login = wanted $$;

CREATE FUNCTION cmis_login_failed(who text, most integer, pause interval) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ UPDATE users SET
       locked_until = CASE WHEN failed_logins + 1 >= most THEN now() + pause END,
       failed_logins = CASE WHEN failed_logins + 1 >= most THEN 0 ELSE failed_logins + 1 END
   WHERE id = who $$;

CREATE FUNCTION cmis_open_session(token text, who text, lifetime interval) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ DELETE FROM sessions WHERE expires_at < now();
   UPDATE users SET failed_logins = 0, locked_until = NULL WHERE id = who;
   INSERT INTO sessions (token_hash, user_id, expires_at) VALUES (token, who, now() + lifetime) $$;

CREATE FUNCTION cmis_session_person(token text)
RETURNS TABLE (id text, login text, name text, role text, agency_id text, language text,
               agency_th text, agency_en text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ UPDATE sessions SET last_seen_at = now()
   WHERE token_hash = token AND last_seen_at < now() - interval '1 minute';
   SELECT u.id, u.login, u.name, u.role, u.agency_id, u.language, a.name_th, a.name_en
   FROM sessions s JOIN users u ON u.id = s.user_id JOIN agencies a ON a.id = u.agency_id
   WHERE s.token_hash = token AND s.expires_at > now() AND u.active $$;

CREATE FUNCTION cmis_end_session(token text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ DELETE FROM sessions WHERE token_hash = token $$;

CREATE FUNCTION cmis_person(who text) RETURNS TABLE (id text, role text, agency_id text)
LANGUAGE sql SECURITY DEFINER STABLE SET search_path = pg_catalog, public AS
$$ SELECT id, role, agency_id FROM users WHERE id = who AND active $$;
"""

CASES = """
CREATE SEQUENCE case_numbers;
GRANT USAGE ON SEQUENCE case_numbers TO cmis_app;
CREATE TABLE cases (
    id text PRIMARY KEY,
    number text NOT NULL UNIQUE,
    agency_id text NOT NULL REFERENCES agencies,
    title text NOT NULL,
    status text NOT NULL CHECK (status IN ('new', 'drafted', 'reviewing', 'approved', 'closed')),
    urgency text NOT NULL,
    owner_id text NOT NULL REFERENCES users,
    received_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX cases_by_agency ON cases (agency_id, updated_at DESC);
CREATE TABLE narratives (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    text text NOT NULL,
    sha256 text NOT NULL,
    source text NOT NULL,
    embedding vector,
    created_by text NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE codings (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    narrative_id text NOT NULL REFERENCES narratives ON DELETE CASCADE,
    content jsonb NOT NULL,
    coder_version text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE code_decisions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    code text NOT NULL,
    decision text NOT NULL CHECK (decision IN ('accepted', 'removed', 'added')),
    decided_by text NOT NULL REFERENCES users,
    decided_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE draft_runs (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    status text NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    step text,
    percent real NOT NULL DEFAULT 0,
    engine text,
    error_code text,
    job_id bigint,
    version_id text,
    requested_by text NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE plan_versions (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    number integer NOT NULL,
    content jsonb NOT NULL,
    content_hash text NOT NULL,
    run_id text REFERENCES draft_runs,
    created_by text NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (case_id, number),
    UNIQUE (run_id)
);
CREATE TABLE item_decisions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    version_id text NOT NULL REFERENCES plan_versions ON DELETE CASCADE,
    sentence_id text NOT NULL,
    revision integer NOT NULL,
    decision text NOT NULL CHECK (decision IN ('accepted', 'edited', 'struck', 'undone')),
    text text,
    reason text,
    decided_by text NOT NULL REFERENCES users,
    decided_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (version_id, sentence_id, revision),
    CHECK (decision <> 'edited' OR (text IS NOT NULL AND reason IS NOT NULL)),
    CHECK (decision <> 'struck' OR reason IS NOT NULL)
);
CREATE TABLE approvals (
    version_id text PRIMARY KEY REFERENCES plan_versions ON DELETE CASCADE,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    content_hash text NOT NULL,
    approved_content jsonb NOT NULL,
    approved_hash text NOT NULL,
    approved_by text NOT NULL REFERENCES users,
    comment text,
    approved_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE audit_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    seq integer NOT NULL,
    at timestamptz NOT NULL,
    actor_id text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    detail jsonb NOT NULL,
    prev_hash text NOT NULL,
    hash text NOT NULL,
    UNIQUE (case_id, seq)
);
"""

CASE_ROLES = (
    "'social_worker_province', 'social_worker_shelter', 'prosecutor_youth_family', "
    "'coordination_centre_subdistrict', 'supervisor'"
)
OF_A_CASE = (
    "narratives",
    "codings",
    "code_decisions",
    "draft_runs",
    "plan_versions",
    "item_decisions",
    "approvals",
    "audit_events",
)
NEVER_CHANGED = (
    "narratives",
    "codings",
    "code_decisions",
    "plan_versions",
    "item_decisions",
    "approvals",
    "audit_events",
)
WHO_MAY = """
ALTER TABLE cases ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases FORCE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON cases
    USING (agency_id = cmis_agency_id() AND cmis_role() IN (__ROLES__))
    WITH CHECK (agency_id = cmis_agency_id() AND cmis_role() IN (__ROLES__));
CREATE POLICY auditing ON cases FOR SELECT
    USING (agency_id = cmis_agency_id() AND cmis_role() = 'auditor');
REVOKE DELETE ON cases FROM cmis_app;
""".replace("__ROLES__", CASE_ROLES)
CHILD = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE INDEX {table}_by_case ON {table} (case_id);
CREATE POLICY of_a_visible_case ON {table}
    USING (EXISTS (SELECT FROM cases WHERE cases.id = {table}.case_id))
    WITH CHECK (cmis_role() <> 'auditor'
        AND EXISTS (SELECT FROM cases WHERE cases.id = {table}.case_id));
REVOKE DELETE ON {table} FROM cmis_app;
"""
APPROVING = """
CREATE FUNCTION cmis_check_approval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE version plan_versions%ROWTYPE; two boolean;
BEGIN
    SELECT * INTO STRICT version FROM plan_versions WHERE id = NEW.version_id;
    IF version.content_hash <> NEW.content_hash OR version.case_id <> NEW.case_id THEN
        RAISE EXCEPTION 'approval of other content' USING ERRCODE = 'check_violation';
    END IF;
    SELECT a.two_person_approval INTO STRICT two
    FROM cases c JOIN agencies a ON a.id = c.agency_id WHERE c.id = NEW.case_id;
    IF two AND NEW.approved_by = version.created_by THEN
        RAISE EXCEPTION 'two people are needed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_approval BEFORE INSERT ON approvals
    FOR EACH ROW EXECUTE FUNCTION cmis_check_approval();
"""


def upgrade() -> None:
    for part in (PEOPLE, SIGNING_IN, CASES, WHO_MAY):
        op.execute(part)
    for table in OF_A_CASE:
        op.execute(CHILD.format(table=table))
    op.execute(f"REVOKE UPDATE ON {', '.join(NEVER_CHANGED)} FROM cmis_app")
    op.execute(APPROVING)


def downgrade() -> None:
    for table in (*reversed(OF_A_CASE), "cases", "sessions", "users", "agencies"):
        op.execute(f"DROP TABLE {table} CASCADE")
    op.execute("DROP FUNCTION cmis_check_approval(); DROP SEQUENCE case_numbers")
    for name in (
        "login_lookup(text)",
        "login_failed(text, integer, interval)",
        "open_session(text, text, interval)",
        "session_person(text)",
        "end_session(text)",
        "person(text)",
    ):
        op.execute(f"DROP FUNCTION cmis_{name}")
