"""What relates a person to a case beside their agency: referral, conference, broken glass.

Who may see a case is said once, in the policies on ``cases``; tables of a case ask ``EXISTS``
there (0004 says why). Relations are gathered by ``cmis_opened_cases(part)``: the cases that a
relation opens for whoever asks, as far as the relation reaches to that part of a case. A policy
asks it in a sub-select that no row enters into, so it runs once for each statement.

Functions of the owner read past the rows' rules by ``cmis.within``, which a policy for the owner
alone regards: the application's role may set it and gains nothing.
"""

from __future__ import annotations

from alembic import op

revision = "0009_relations"
down_revision = "0008_inline_vectors"
branch_labels = None
depends_on = None

CASE_ROLES = (
    "'social_worker_province', 'social_worker_shelter', 'prosecutor_youth_family', "
    "'coordination_centre_subdistrict', 'supervisor'"
)
RECEIVING = f"{CASE_ROLES}, 'partner_officer'"
INVITED = f"{RECEIVING}, 'mdt_member'"
ALL_ROLES = f"{INVITED}, 'researcher', 'auditor', 'administrator'"

PEOPLE = f"""
ALTER TABLE agencies ADD COLUMN kind text NOT NULL DEFAULT 'other',
    ADD COLUMN receives boolean NOT NULL DEFAULT true;
ALTER TABLE users ADD COLUMN profession text;
GRANT SELECT (profession) ON users TO cmis_app;
ALTER TABLE users DROP CONSTRAINT users_role_check,
    ADD CONSTRAINT users_role_check CHECK (role IN ({ALL_ROLES}));
"""
FEWER_ROLES = f"""
DELETE FROM sessions WHERE user_id IN (SELECT id FROM users WHERE role = 'partner_officer');
UPDATE users SET role = 'researcher', active = false WHERE role = 'partner_officer';
ALTER TABLE users DROP CONSTRAINT users_role_check, DROP COLUMN profession,
    ADD CONSTRAINT users_role_check CHECK (
        role IN ({CASE_ROLES}, 'mdt_member', 'researcher', 'auditor', 'administrator'));
ALTER TABLE agencies DROP COLUMN kind, DROP COLUMN receives;
"""  # noqa: S608
TABLES = """
CREATE TABLE consents (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    subject text NOT NULL,
    purpose text NOT NULL,
    recipients text[] NOT NULL,
    given_by text NOT NULL,
    method text NOT NULL,
    witnesses text[] NOT NULL DEFAULT '{}',
    given_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > given_at),
    details jsonb NOT NULL,
    recorded_by text NOT NULL REFERENCES users,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    withdrawn_at timestamptz,
    withdrawn_by text REFERENCES users,
    withdrawn_reason text,
    UNIQUE (id, case_id),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
);
CREATE TABLE referrals (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('referral', 'transfer')),
    from_agency text NOT NULL REFERENCES agencies,
    to_agency text NOT NULL REFERENCES agencies,
    purpose text NOT NULL,
    basis text NOT NULL,
    basis_reason text,
    consent_id text,
    requested text NOT NULL,
    services jsonb NOT NULL,
    parts text[] NOT NULL,
    shared jsonb NOT NULL,
    answer_by timestamptz NOT NULL,
    replaces text REFERENCES referrals,
    status text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'accepted', 'rejected', 'done', 'revoked')),
    reason_code text,
    comment text,
    sent_by text NOT NULL REFERENCES users,
    sent_at timestamptz NOT NULL DEFAULT now(),
    received_by text REFERENCES users,
    received_at timestamptz,
    changed_by text REFERENCES users,
    changed_at timestamptz,
    escalated_at timestamptz,
    FOREIGN KEY (consent_id, case_id) REFERENCES consents (id, case_id),
    CHECK (from_agency <> to_agency),
    CHECK ((basis = 'consent') = (consent_id IS NOT NULL)),
    CHECK (basis = 'consent' OR basis_reason IS NOT NULL),
    CHECK (status NOT IN ('rejected', 'revoked') OR reason_code IS NOT NULL)
);
CREATE INDEX referrals_to ON referrals (to_agency, status);
CREATE INDEX referrals_from ON referrals (from_agency, status);
CREATE TABLE conferences (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    number integer NOT NULL,
    version_id text NOT NULL REFERENCES plan_versions,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'decided', 'closed')),
    agenda jsonb NOT NULL,
    meets_at timestamptz NOT NULL,
    called_by text NOT NULL REFERENCES users,
    called_at timestamptz NOT NULL DEFAULT now(),
    decision text,
    decision_text text,
    decided_hash text,
    decided_by text REFERENCES users,
    decided_at timestamptz,
    minutes text,
    minutes_hash text,
    minutes_by text REFERENCES users,
    closed_at timestamptz,
    UNIQUE (case_id, number),
    CHECK (status = 'open' OR (decision IS NOT NULL AND decided_hash IS NOT NULL
        AND decided_by IS NOT NULL)),
    CHECK (status <> 'closed' OR (minutes IS NOT NULL AND minutes_by IS NOT NULL))
);
CREATE TABLE conference_members (
    conference_id text NOT NULL REFERENCES conferences ON DELETE CASCADE,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    user_id text NOT NULL REFERENCES users,
    agency_id text NOT NULL REFERENCES agencies,
    name text NOT NULL,
    profession text NOT NULL,
    parts text[] NOT NULL,
    invited_by text NOT NULL REFERENCES users,
    invited_at timestamptz NOT NULL DEFAULT now(),
    withdrawn_at timestamptz,
    PRIMARY KEY (conference_id, user_id)
);
CREATE INDEX conference_members_by_user ON conference_members (user_id);
CREATE TABLE glass_breaks (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    user_id text NOT NULL REFERENCES users,
    agency_id text NOT NULL REFERENCES agencies,
    name text NOT NULL,
    reason text NOT NULL CHECK (length(reason) >= 20),
    opened_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    reviewed_by text REFERENCES users,
    reviewed_at timestamptz,
    outcome text CHECK (outcome IN ('justified', 'not_justified')),
    review_note text,
    CHECK (expires_at <= opened_at + interval '24 hours'),
    CHECK (reviewed_by IS NULL OR (reviewed_by <> user_id AND outcome IS NOT NULL)),
    CONSTRAINT glass_review_named CHECK ((reviewed_by IS NULL) = (reviewed_at IS NULL))
);
CREATE INDEX glass_breaks_by_user ON glass_breaks (user_id, expires_at);
"""
OWN = ("consents", "referrals", "conferences", "conference_members", "glass_breaks")
WITHIN = """
CREATE POLICY within_the_owners_functions ON {table} TO CURRENT_USER
    USING (current_setting('cmis.within', true) = 'on')
    WITH CHECK (current_setting('cmis.within', true) = 'on');
"""
GUARDED = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE INDEX {table}_by_case ON {table} (case_id);
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM cmis_app;
"""
OPENED = f"""
CREATE FUNCTION cmis_opened_cases(part text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS
$$ SELECT coalesce(array_agg(DISTINCT opened.case_id), '{{}}') FROM (
       SELECT r.case_id FROM referrals r LEFT JOIN consents c ON c.id = r.consent_id
       WHERE r.to_agency = cmis_agency_id() AND r.status = 'accepted'
         AND cmis_role() IN ({RECEIVING}) AND (part = 'case' OR part = ANY (r.parts))
         AND (r.consent_id IS NULL OR (c.withdrawn_at IS NULL AND c.expires_at > now()))
       UNION ALL
       SELECT m.case_id FROM conference_members m JOIN conferences f ON f.id = m.conference_id
       WHERE m.user_id = cmis_user_id() AND m.agency_id = cmis_agency_id()
         AND m.withdrawn_at IS NULL AND f.status <> 'closed'
         AND cmis_role() IN ({INVITED}) AND (part = 'case' OR part = ANY (m.parts))
       UNION ALL
       SELECT g.case_id FROM glass_breaks g
       WHERE g.user_id = cmis_user_id() AND g.agency_id = cmis_agency_id()
         AND g.expires_at > now() AND cmis_role() IN ({CASE_ROLES})
   ) opened $$;

CREATE FUNCTION cmis_home_agency() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN cmis_role() IN ({CASE_ROLES}, 'auditor') THEN cmis_agency_id() END $$;

CREATE FUNCTION cmis_case_visible(wanted text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT FROM cases WHERE cases.id = wanted) $$;

CREATE FUNCTION cmis_relation(wanted text) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE
       WHEN c.agency_id = cmis_home_agency() THEN 'own'
       WHEN EXISTS (SELECT FROM glass_breaks g WHERE g.case_id = wanted
           AND g.user_id = cmis_user_id() AND g.expires_at > now()) THEN 'glass'
       WHEN EXISTS (SELECT FROM referrals r WHERE r.case_id = wanted
           AND r.to_agency = cmis_agency_id() AND r.status = 'accepted')
           AND cmis_role() <> 'mdt_member' THEN 'referred'
       ELSE 'mdt' END
   FROM cases c WHERE c.id = wanted $$;
"""  # noqa: S608
FUNCTIONS = """
CREATE FUNCTION cmis_chain_head(wanted text) RETURNS TABLE (seq integer, hash text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS
$$ SELECT e.seq, e.hash FROM audit_events e WHERE e.case_id = wanted ORDER BY e.seq DESC LIMIT 1 $$;

CREATE FUNCTION cmis_directory() RETURNS TABLE (id text, login text, name text, role text,
    agency_id text, profession text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$ SELECT u.id, u.login, u.name, u.role, u.agency_id, u.profession FROM users u
   WHERE u.active AND u.role IN (__INVITED__) AND cmis_role() IN (__INVITED__) $$;

CREATE FUNCTION cmis_break_glass(new_id text, wanted text, why text, hours integer)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
DECLARE found text;
BEGIN
    IF cmis_role() IS NULL OR cmis_role() NOT IN (__CASE_ROLES__) THEN
        RAISE EXCEPTION 'not for this role' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT id INTO found FROM cases WHERE number = wanted;
    IF found IS NOT NULL THEN
        INSERT INTO glass_breaks (id, case_id, user_id, agency_id, name, reason, expires_at)
        SELECT new_id, found, u.id, u.agency_id, u.name, why, now() + make_interval(hours => hours)
        FROM users u WHERE u.id = cmis_user_id() AND u.agency_id = cmis_agency_id() AND u.active;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'nobody asks' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    RETURN found;
END $$;

CREATE FUNCTION cmis_take_over(wanted text, new_owner text) RETURNS void
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
    WHERE id = referral.case_id AND agency_id = referral.from_agency;
    UPDATE referrals SET status = 'done' WHERE id = wanted;
END $$;
""".replace("__INVITED__", INVITED).replace("__CASE_ROLES__", CASE_ROLES)
CLOSED = """
REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {function} TO cmis_app;
"""
OF_THE_OWNER = (
    "cmis_opened_cases(text)",
    "cmis_chain_head(text)",
    "cmis_directory()",
    "cmis_break_glass(text, text, text, integer)",
    "cmis_take_over(text, text)",
)
RULES = """
CREATE FUNCTION cmis_check_referral() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
BEGIN
    IF NEW.consent_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.status = 'accepted') AND NOT EXISTS (
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
REVOKE EXECUTE ON FUNCTION cmis_check_referral() FROM PUBLIC;
CREATE TRIGGER check_referral BEFORE INSERT OR UPDATE ON referrals
    FOR EACH ROW EXECUTE FUNCTION cmis_check_referral();

CREATE FUNCTION cmis_check_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'withdrawn already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_withdrawn_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_withdrawal BEFORE UPDATE ON consents
    FOR EACH ROW EXECUTE FUNCTION cmis_check_withdrawal();
"""
# What a policy of a case's table says: the agency's own cases, or those opened to this part.
REACHED = """EXISTS (SELECT FROM cases WHERE cases.id = {table}.case_id
    AND (cases.agency_id = (SELECT cmis_home_agency())
         OR cases.id = ANY ((SELECT cmis_opened_cases('{part}'))::text[])))"""
OWN_CASE = """EXISTS (SELECT FROM cases WHERE cases.id = {table}.case_id
    AND cases.agency_id = cmis_home_agency()) AND cmis_role() <> 'auditor'"""
OF_CASES = """
DROP POLICY own_agency ON cases;
DROP POLICY auditing ON cases;
CREATE POLICY seen ON cases FOR SELECT
    USING (agency_id = (SELECT cmis_home_agency())
           OR id = ANY ((SELECT cmis_opened_cases('case'))::text[]));
CREATE POLICY opened ON cases FOR INSERT
    WITH CHECK (agency_id = cmis_home_agency() AND cmis_role() <> 'auditor');
CREATE POLICY changed ON cases FOR UPDATE
    USING (agency_id = (SELECT cmis_home_agency()) AND cmis_role() <> 'auditor')
    WITH CHECK (agency_id = cmis_home_agency() AND cmis_role() <> 'auditor');
"""
AS_BEFORE = f"""
DROP POLICY seen ON cases;
DROP POLICY opened ON cases;
DROP POLICY changed ON cases;
CREATE POLICY own_agency ON cases
    USING (agency_id = cmis_agency_id() AND cmis_role() IN ({CASE_ROLES}))
    WITH CHECK (agency_id = cmis_agency_id() AND cmis_role() IN ({CASE_ROLES}));
CREATE POLICY auditing ON cases FOR SELECT
    USING (agency_id = cmis_agency_id() AND cmis_role() = 'auditor');
"""
PARTS = {
    "narratives": "story",
    "codings": "codes",
    "code_decisions": "codes",
    "draft_runs": "plan",
    "plan_versions": "plan",
    "item_decisions": "plan",
    "approvals": "plan",
    "audit_events": "trail",
}
CHILD = f"""
DROP POLICY of_a_visible_case ON {{table}};
CREATE POLICY of_a_visible_case ON {{table}} FOR SELECT USING ({REACHED});
CREATE POLICY to_an_own_case ON {{table}} FOR INSERT WITH CHECK ({OWN_CASE});
CREATE POLICY of_an_own_case ON {{table}} FOR UPDATE USING ({OWN_CASE}) WITH CHECK ({OWN_CASE});
"""
CHILD_BEFORE = """
DROP POLICY of_a_visible_case ON {table};
DROP POLICY to_an_own_case ON {table};
DROP POLICY of_an_own_case ON {table};
CREATE POLICY of_a_visible_case ON {table}
    USING (EXISTS (SELECT FROM cases WHERE cases.id = {table}.case_id))
    WITH CHECK (cmis_role() <> 'auditor'
        AND EXISTS (SELECT FROM cases WHERE cases.id = {table}.case_id));
"""
NAMES = """
DROP POLICY of_a_visible_case ON case_names;
CREATE POLICY of_a_visible_case ON case_names USING ({rule}) WITH CHECK ({rule});
"""
NAMES_BEFORE = """cmis_role() <> 'auditor'
    AND EXISTS (SELECT FROM cases WHERE cases.id = case_names.case_id)"""
# Whoever answers a letter leaves a trace in a case they do not see.
TRACE = """
DROP POLICY reading_leaves_a_trace ON audit_events;
CREATE POLICY reading_leaves_a_trace ON audit_events FOR INSERT
    WITH CHECK (EXISTS (SELECT FROM cases WHERE cases.id = audit_events.case_id)
        OR EXISTS (SELECT FROM referrals r WHERE r.case_id = audit_events.case_id
            AND r.to_agency = cmis_agency_id()));
"""
TRACE_BEFORE = """
DROP POLICY reading_leaves_a_trace ON audit_events;
CREATE POLICY reading_leaves_a_trace ON audit_events FOR INSERT
    WITH CHECK (EXISTS (SELECT FROM cases WHERE cases.id = audit_events.case_id));
"""
OF_RELATIONS = f"""
CREATE POLICY seen ON consents FOR SELECT USING ({REACHED.format(table="consents", part="case")});
CREATE POLICY recorded ON consents FOR INSERT
    WITH CHECK (recorded_by = cmis_user_id() AND {OWN_CASE.format(table="consents")});
CREATE POLICY withdrawn ON consents FOR UPDATE
    USING (cmis_role() <> 'auditor' AND {REACHED.format(table="consents", part="case")})
    WITH CHECK (withdrawn_by = cmis_user_id());
GRANT UPDATE (withdrawn_at, withdrawn_by, withdrawn_reason) ON consents TO cmis_app;

CREATE POLICY between_two ON referrals FOR SELECT
    USING ((cmis_agency_id() IN (from_agency, to_agency)
            AND cmis_role() IN ({RECEIVING}, 'auditor'))
        OR EXISTS (SELECT FROM cases WHERE cases.id = referrals.case_id
            AND cases.agency_id = cmis_home_agency()));
CREATE POLICY sent ON referrals FOR INSERT
    WITH CHECK (from_agency = cmis_agency_id() AND sent_by = cmis_user_id()
        AND status = 'pending' AND {OWN_CASE.format(table="referrals")});
CREATE POLICY answered ON referrals FOR UPDATE
    USING (cmis_agency_id() IN (from_agency, to_agency) AND cmis_role() IN ({RECEIVING}))
    WITH CHECK (changed_by = cmis_user_id() OR received_by = cmis_user_id());
GRANT UPDATE (status, reason_code, comment, received_by, received_at, changed_by, changed_at,
    escalated_at) ON referrals TO cmis_app;

CREATE POLICY seen ON conferences FOR SELECT
    USING ({REACHED.format(table="conferences", part="conference")});
CREATE POLICY called ON conferences FOR INSERT
    WITH CHECK (called_by = cmis_user_id() AND {OWN_CASE.format(table="conferences")});
CREATE POLICY led ON conferences FOR UPDATE
    USING ({OWN_CASE.format(table="conferences")});
GRANT UPDATE (status, agenda, decision, decision_text, decided_hash, decided_by, decided_at,
    minutes, minutes_hash, minutes_by, closed_at) ON conferences TO cmis_app;

CREATE POLICY seen ON conference_members FOR SELECT
    USING ({REACHED.format(table="conference_members", part="conference")});
CREATE POLICY invited ON conference_members FOR INSERT
    WITH CHECK (invited_by = cmis_user_id() AND {OWN_CASE.format(table="conference_members")});
CREATE POLICY withdrawn ON conference_members FOR UPDATE
    USING ({OWN_CASE.format(table="conference_members")});
GRANT UPDATE (withdrawn_at) ON conference_members TO cmis_app;

REVOKE INSERT ON glass_breaks FROM cmis_app;
CREATE POLICY seen ON glass_breaks FOR SELECT
    USING (user_id = cmis_user_id() OR EXISTS (SELECT FROM cases
        WHERE cases.id = glass_breaks.case_id AND cases.agency_id = cmis_home_agency()));
CREATE POLICY reviewed ON glass_breaks FOR UPDATE
    USING (cmis_role() = 'supervisor' AND EXISTS (SELECT FROM cases
        WHERE cases.id = glass_breaks.case_id AND cases.agency_id = cmis_home_agency()))
    WITH CHECK (reviewed_by = cmis_user_id());
GRANT UPDATE (reviewed_by, reviewed_at, outcome, review_note) ON glass_breaks TO cmis_app;
"""  # noqa: S608


def upgrade() -> None:
    op.execute(PEOPLE)
    op.execute(TABLES)
    for table in OWN:
        op.execute(GUARDED.format(table=table))
    for table in (*OWN, "cases", "audit_events"):
        op.execute(WITHIN.format(table=table))
    for part in (OPENED, FUNCTIONS, RULES, OF_CASES):
        op.execute(part)
    for function in OF_THE_OWNER:
        op.execute(CLOSED.format(function=function))
    for table, part in PARTS.items():
        op.execute(CHILD.format(table=table, part=part))
    op.execute(NAMES.format(rule=OWN_CASE.format(table="case_names")))
    op.execute(TRACE)
    op.execute(OF_RELATIONS)


def downgrade() -> None:
    op.execute(AS_BEFORE)
    for table in PARTS:
        op.execute(CHILD_BEFORE.format(table=table))
    op.execute(NAMES.format(rule=NAMES_BEFORE))
    op.execute(TRACE_BEFORE)
    for table in ("cases", "audit_events"):
        op.execute(f"DROP POLICY within_the_owners_functions ON {table}")
    op.execute(f"DROP TABLE {', '.join(reversed(OWN))}")
    functions = (*OF_THE_OWNER, "cmis_home_agency()", "cmis_case_visible(text)")
    for function in (*functions, "cmis_relation(text)", "cmis_check_referral()"):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP FUNCTION cmis_check_withdrawal()")
    op.execute(FEWER_ROLES)
