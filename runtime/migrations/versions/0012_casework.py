"""The work on a case: what was recorded at each step, services, deadlines, talk, and sign-offs.

Entries, posts and votes are added and never changed. Services, deadlines and tasks change their
state, under a revision where two people could meet. Whoever asked for a sign-off cannot give it
where two people are needed; the kind of sign-off says where that is, not the program.
"""

from __future__ import annotations

from alembic import op

revision = "0012_casework"
down_revision = "0011_flags_heard"
branch_labels = None
depends_on = None

RECEIVING = (
    "'social_worker_province', 'social_worker_shelter', 'prosecutor_youth_family', "
    "'coordination_centre_subdistrict', 'supervisor', 'partner_officer'"
)
TABLES = """
CREATE TABLE entries (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    kind text NOT NULL,
    content jsonb NOT NULL,
    content_hash text NOT NULL,
    agency_id text NOT NULL REFERENCES agencies,
    recorded_by text NOT NULL REFERENCES users,
    recorded_name text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE plan_services (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    referral_id text REFERENCES referrals,
    action_id text,
    text text NOT NULL,
    agency_id text NOT NULL REFERENCES agencies,
    status text NOT NULL CHECK (status IN ('planned', 'offered', 'accepted', 'declined',
        'withdrawn', 'under_way', 'delivered', 'not_delivered')),
    due timestamptz,
    result text,
    revision integer NOT NULL DEFAULT 1,
    added_by text NOT NULL REFERENCES users,
    changed_by text NOT NULL REFERENCES users,
    changed_name text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX plan_services_by_agency ON plan_services (agency_id, status);
CREATE TABLE deadlines (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    kind text NOT NULL,
    duty_th text NOT NULL,
    duty_en text NOT NULL,
    statutory boolean NOT NULL,
    source text NOT NULL,
    due timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done', 'cancelled')),
    added_by text NOT NULL REFERENCES users,
    done_by text REFERENCES users,
    done_at timestamptz,
    UNIQUE (case_id, source, kind, due, duty_th),
    CHECK ((status = 'open') = (done_at IS NULL))
);
CREATE INDEX deadlines_open ON deadlines (due) WHERE status = 'open';
CREATE TABLE conference_posts (
    id text PRIMARY KEY,
    conference_id text NOT NULL REFERENCES conferences ON DELETE CASCADE,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    topic text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('comment', 'suggestion')),
    answers text REFERENCES conference_posts,
    text text NOT NULL,
    written_by text NOT NULL REFERENCES users,
    written_name text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE conference_votes (
    conference_id text NOT NULL REFERENCES conferences ON DELETE CASCADE,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    topic text NOT NULL,
    revision integer NOT NULL,
    vote text NOT NULL CHECK (vote IN ('agree', 'disagree', 'abstain')),
    dissent text,
    voter_id text NOT NULL REFERENCES users,
    voter_name text NOT NULL,
    voted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (conference_id, topic, voter_id, revision),
    CHECK (vote <> 'disagree' OR dissent IS NOT NULL)
);
CREATE TABLE conference_tasks (
    id text PRIMARY KEY,
    conference_id text NOT NULL REFERENCES conferences ON DELETE CASCADE,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    text text NOT NULL,
    agency_id text NOT NULL REFERENCES agencies,
    due timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done', 'dropped')),
    result text,
    added_by text NOT NULL REFERENCES users,
    done_by text REFERENCES users,
    done_at timestamptz,
    CHECK ((status = 'open') = (done_by IS NULL))
);
CREATE TABLE sign_off_kinds (id text PRIMARY KEY, two_people boolean);
CREATE TABLE sign_offs (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    kind text NOT NULL REFERENCES sign_off_kinds,
    subject_id text NOT NULL,
    content_hash text NOT NULL,
    two_people boolean NOT NULL,
    requested_by text NOT NULL REFERENCES users,
    requested_name text NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    verdict text CHECK (verdict IN ('approved', 'refused')),
    comment text,
    decided_by text REFERENCES users,
    decided_name text,
    decided_at timestamptz,
    UNIQUE (kind, subject_id, content_hash),
    CHECK ((verdict IS NULL) = (decided_by IS NULL)),
    CONSTRAINT sign_off_by_another CHECK (NOT two_people OR decided_by <> requested_by)
);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON sign_off_kinds FROM cmis_app;
ALTER TABLE referrals DROP COLUMN escalated_at;
"""
# ``found`` hid the variable of that name which tells whether a statement reached a row.
GLASS = """
CREATE OR REPLACE FUNCTION cmis_break_glass(new_id text, wanted text, why text, hours integer)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
DECLARE opened text;
BEGIN
    IF cmis_role() IS NULL OR cmis_role() NOT IN (__WORKERS__) THEN
        RAISE EXCEPTION 'not for this role' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT id INTO opened FROM cases WHERE number = wanted;
    IF opened IS NOT NULL THEN
        INSERT INTO glass_breaks (id, case_id, user_id, agency_id, name, reason, expires_at)
        SELECT new_id, opened, u.id, u.agency_id, u.name, why, now() + make_interval(hours => hours)
        FROM users u WHERE u.id = cmis_user_id() AND u.agency_id = cmis_agency_id() AND u.active;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'nobody asks' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    RETURN opened;
END $$;
""".replace("__WORKERS__", RECEIVING.replace(", 'partner_officer'", ""))
# Sound is the story itself: heard by the case's own workers and auditor, and by nobody invited.
SOUND = """
DROP POLICY of_own_agency ON recordings;
CREATE POLICY of_own_agency ON recordings FOR SELECT
    USING ((case_id IS NULL AND agency_id = cmis_home_agency() AND cmis_role() <> 'auditor')
        OR EXISTS (SELECT FROM cases WHERE cases.id = case_id
            AND cases.agency_id = cmis_home_agency()));
"""
SOUND_BEFORE = f"""
DROP POLICY of_own_agency ON recordings;
CREATE POLICY of_own_agency ON recordings FOR SELECT
    USING (agency_id = cmis_agency_id()
        AND (cmis_role() IN ({RECEIVING.replace(", 'partner_officer'", "")})
            OR case_id IS NOT NULL)
        AND (case_id IS NULL OR EXISTS (SELECT FROM cases WHERE cases.id = case_id)));
"""  # noqa: S608
# An officer who only receives is no party to what their own agency sends.
PARTIES = f"""
DROP POLICY between_two ON referrals;
CREATE POLICY between_two ON referrals FOR SELECT
    USING (from_agency = cmis_home_agency()
        OR (to_agency = cmis_agency_id() AND cmis_role() IN ({RECEIVING}, 'auditor'))
        OR EXISTS (SELECT FROM cases WHERE cases.id = referrals.case_id
            AND cases.agency_id = cmis_home_agency()));
DROP POLICY answered ON referrals;
CREATE POLICY answered ON referrals FOR UPDATE
    USING (cmis_role() <> 'auditor' AND (from_agency = cmis_home_agency()
        OR (to_agency = cmis_agency_id() AND cmis_role() IN ({RECEIVING}))))
    WITH CHECK (changed_by = cmis_user_id() OR received_by = cmis_user_id());
"""  # noqa: S608
# Null: as the agency of the case wants it for its plans.
KINDS = """
INSERT INTO sign_off_kinds VALUES
    ('plan', NULL), ('document', NULL), ('disclosure', true), ('transfer', true), ('closure', true)
"""
SIGNING = """
CREATE FUNCTION cmis_check_sign_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT coalesce(k.two_people, a.two_person_approval) INTO STRICT NEW.two_people
        FROM sign_off_kinds k, cases c JOIN agencies a ON a.id = c.agency_id
        WHERE k.id = NEW.kind AND c.id = NEW.case_id;
        NEW.verdict := NULL; NEW.decided_by := NULL; NEW.decided_at := NULL;
    ELSIF OLD.verdict IS NOT NULL THEN
        RAISE EXCEPTION 'decided already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_off_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_sign_off BEFORE INSERT OR UPDATE ON sign_offs
    FOR EACH ROW EXECUTE FUNCTION cmis_check_sign_off();
"""
# Whoever may see the steps may know where the case stands, though not all it is computed from.
STANDING = """
CREATE FUNCTION cmis_standing(wanted text) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS
$$ SELECT jsonb_build_object(
       'story', EXISTS (SELECT FROM narratives WHERE case_id = c.id),
       'letters', (SELECT coalesce(jsonb_agg(status), '[]') FROM referrals WHERE case_id = c.id),
       'services', (SELECT coalesce(jsonb_agg(status), '[]') FROM plan_services
           WHERE case_id = c.id),
       'plans', (SELECT coalesce(jsonb_agg(approved_at ORDER BY approved_at), '[]')
           FROM approvals WHERE case_id = c.id),
       'closures', (SELECT coalesce(jsonb_agg(decided_at ORDER BY decided_at), '[]')
           FROM sign_offs WHERE case_id = c.id AND kind = 'closure' AND verdict = 'approved'),
       'watching', EXISTS (SELECT FROM deadlines WHERE case_id = c.id AND status = 'open'
           AND kind = 'surveillance'))
   FROM cases c WHERE c.id = wanted AND (c.agency_id = cmis_home_agency()
       OR c.id = ANY (cmis_opened_cases('steps'))) $$;
REVOKE EXECUTE ON FUNCTION cmis_standing(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_standing(text) TO cmis_app;
"""
READ_WITHIN = """
CREATE POLICY within_the_owners_functions ON {table} FOR SELECT TO CURRENT_USER
    USING (current_setting('cmis.within', true) = 'on');
"""
# The part of a case each table belongs to, and who signs a row.
PARTS = {
    "entries": ("steps", "recorded_by"),
    "plan_services": ("services", "added_by"),
    "deadlines": ("steps", "added_by"),
    "conference_posts": ("conference", "written_by"),
    "conference_votes": ("conference", "voter_id"),
    "conference_tasks": ("conference", "added_by"),
    "sign_offs": ("sign_offs", "requested_by"),
}
REACHED = """EXISTS (SELECT FROM cases WHERE cases.id = {table}.case_id
    AND (cases.agency_id = (SELECT cmis_home_agency())
         OR cases.id = ANY ((SELECT cmis_opened_cases('{part}'))::text[])))"""
GUARDED = f"""
ALTER TABLE {{table}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{table}} FORCE ROW LEVEL SECURITY;
CREATE INDEX {{table}}_by_case ON {{table}} (case_id);
REVOKE UPDATE, DELETE, TRUNCATE ON {{table}} FROM cmis_app;
CREATE POLICY seen ON {{table}} FOR SELECT USING ({REACHED});
CREATE POLICY added ON {{table}} FOR INSERT
    WITH CHECK ({{column}} = cmis_user_id() AND cmis_role() <> 'auditor' AND {REACHED});
"""
CHANGED = f"""
CREATE POLICY changed ON {{table}} FOR UPDATE
    USING (cmis_role() <> 'auditor' AND {REACHED}) WITH CHECK ({{column}} = cmis_user_id());
"""
OFFERED = """
CREATE POLICY offered ON plan_services FOR SELECT USING (agency_id = cmis_agency_id()
    AND referral_id IS NOT NULL AND cmis_role() <> 'mdt_member' AND EXISTS (SELECT FROM referrals
        WHERE referrals.id = referral_id AND referrals.status <> 'revoked'));
CREATE POLICY answered ON plan_services FOR UPDATE USING (agency_id = cmis_agency_id()
    AND cmis_role() <> 'auditor' AND EXISTS (SELECT FROM referrals
        WHERE referrals.id = referral_id AND referrals.status <> 'revoked'))
    WITH CHECK (changed_by = cmis_user_id());
GRANT UPDATE (status, due, result, revision, changed_by, changed_name, changed_at)
    ON plan_services TO cmis_app;
GRANT UPDATE (status, done_by, done_at) ON deadlines TO cmis_app;
GRANT UPDATE (status, result, done_by, done_at) ON conference_tasks TO cmis_app;
GRANT UPDATE (verdict, comment, decided_by, decided_name, decided_at) ON sign_offs TO cmis_app;
"""
# Who serves reports by the policy below; others of a case change only what their part holds.
CHANGES = {
    "plan_services": ("own", "changed_by"),
    "deadlines": ("steps", "done_by"),
    "conference_tasks": ("conference", "done_by"),
    "sign_offs": ("own", "decided_by"),
}

STOOD_ON = ("narratives", "plan_services", "approvals", "sign_offs", "deadlines")


def upgrade() -> None:
    for part in (TABLES, GLASS, SOUND, PARTIES, KINDS, SIGNING):
        op.execute(part)
    for table, (part, column) in PARTS.items():
        op.execute(GUARDED.format(table=table, part=part, column=column))
    for table, (part, column) in CHANGES.items():
        op.execute(CHANGED.format(table=table, part=part, column=column))
    op.execute(OFFERED)
    for table in STOOD_ON:
        op.execute(READ_WITHIN.format(table=table))
    op.execute(STANDING)


def downgrade() -> None:
    op.execute(SOUND_BEFORE)
    op.execute("DROP FUNCTION cmis_standing(text)")
    for table in ("narratives", "approvals"):
        op.execute(f"DROP POLICY within_the_owners_functions ON {table}")
    op.execute(f"DROP TABLE {', '.join(reversed(PARTS))}, sign_off_kinds")
    op.execute("DROP FUNCTION cmis_check_sign_off()")
    op.execute("ALTER TABLE referrals ADD COLUMN escalated_at timestamptz")
