"""An emergency opening reads and writes nothing; danger and the end of a consent are told at once.

Whoever broke the glass could upload and send documents, vote, end limits and withdraw consents:
writing asked for the same relation as reading. It now asks ``cmis_may_write``, which regards the
case's own agency, an accepted letter and an invitation, and no emergency opening.

Who watches a case after its closure, or visits it, may find danger while its own agency looks
elsewhere: the limit that starts is told. A consent that runs out or is withdrawn takes the case
from whoever serves it: both sides are told. Nobody approves what they wrote themselves, also when
a colleague asked.
"""

from __future__ import annotations

from alembic import op

revision = "0033_emergency_reads"
down_revision = "0032_agencies"
branch_labels = None
depends_on = None

RECEIVING = (
    "'social_worker_province', 'social_worker_shelter', 'prosecutor_youth_family', "
    "'coordination_centre_subdistrict', 'supervisor', 'partner_officer'"
)
INVITED = f"{RECEIVING}, 'mdt_member'"
SHARED = f"""
CREATE FUNCTION cmis_shared_cases(part text) RETURNS text[]
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
   ) opened $$;
REVOKE EXECUTE ON FUNCTION cmis_shared_cases(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_shared_cases(text) TO cmis_app;
CREATE FUNCTION cmis_may_write(wanted text, part text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT FROM cases WHERE cases.id = wanted
       AND (cases.agency_id = cmis_home_agency() OR cases.id = ANY (cmis_shared_cases(part)))) $$;
"""  # noqa: S608
# Looking at a document is custody of it, for everybody.
READING = " OR act = 'read'"
WRITTEN = (
    ("entries", "INSERT", "steps", ""),
    ("deadlines", "INSERT", "steps", ""),
    ("deadlines", "UPDATE", "steps", ""),
    ("conference_posts", "INSERT", "conference", ""),
    ("conference_votes", "INSERT", "conference", ""),
    ("conference_tasks", "UPDATE", "conference", ""),
    ("consents", "UPDATE", "case", ""),
    ("documents", "INSERT", "documents", ""),
    ("document_versions", "INSERT", "documents", ""),
    ("document_keys", "INSERT", "documents", ""),
    ("document_custody", "INSERT", "documents", READING),
)
POLICY = """
CREATE POLICY emergency_reads_{verb} ON {table} AS RESTRICTIVE FOR {command} TO cmis_app
    {clause} (cmis_may_write(case_id, '{part}'){more});
"""
TOLD = f"""
CREATE FUNCTION cmis_note_danger() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
BEGIN
    PERFORM cmis_note(cmis_colleagues(c.agency_id, ARRAY['supervisor']) || c.owner_id, c.id,
        'danger_reported', NEW.id) FROM cases c WHERE c.id = NEW.case_id;
    RETURN NULL;
END $$;
CREATE TRIGGER note_danger AFTER INSERT ON deadlines
    FOR EACH ROW WHEN (NEW.kind IN ('recurrence', 'unsafe')) EXECUTE FUNCTION cmis_note_danger();

CREATE FUNCTION cmis_note_consent(ended text, what text) RETURNS void LANGUAGE sql AS
$$ SELECT cmis_note(cmis_colleagues(r.to_agency, ARRAY[{RECEIVING}]) || r.sent_by || c.owner_id,
       r.case_id, what, ended)
   FROM referrals r JOIN cases c ON c.id = r.case_id
   WHERE r.consent_id = ended AND r.status IN ('pending', 'accepted') $$;

CREATE FUNCTION cmis_note_withdrawal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
BEGIN
    PERFORM cmis_note_consent(NEW.id, 'consent_ended');
    RETURN NULL;
END $$;
CREATE TRIGGER note_withdrawal AFTER UPDATE ON consents
    FOR EACH ROW WHEN (NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL)
    EXECUTE FUNCTION cmis_note_withdrawal();

CREATE FUNCTION cmis_remind_of_consents(ahead_days integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
BEGIN
    PERFORM cmis_note_consent(c.id, CASE WHEN c.expires_at <= now() THEN 'consent_ended'
        ELSE 'consent_ending' END)
    FROM consents c WHERE c.withdrawn_at IS NULL
        AND c.expires_at < now() + make_interval(days => ahead_days);
END $$;
GRANT EXECUTE ON FUNCTION cmis_remind_of_consents(integer) TO cmis_app;
"""  # noqa: S608
INSIDE = (
    "cmis_note_danger()",
    "cmis_note_consent(text, text)",
    "cmis_note_withdrawal()",
    "cmis_remind_of_consents(integer)",
)
AUTHORS = """
CREATE FUNCTION cmis_check_author() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.two_people AND NEW.decided_by IN (
        SELECT recorded_by FROM entries WHERE NEW.kind = 'closure' AND id = NEW.subject_id
        UNION ALL SELECT created_by FROM document_versions
        WHERE NEW.kind = 'document' AND id = NEW.subject_id
        UNION ALL SELECT sent_by FROM referrals
        WHERE NEW.kind IN ('disclosure', 'transfer') AND id = NEW.subject_id) THEN
        RAISE EXCEPTION 'nobody approves what they wrote'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_off_by_another';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_author BEFORE UPDATE ON sign_offs
    FOR EACH ROW WHEN (NEW.decided_by IS NOT NULL AND OLD.decided_by IS NULL)
    EXECUTE FUNCTION cmis_check_author();
"""


def upgrade() -> None:
    op.execute(SHARED)
    for table, command, part, more in WRITTEN:
        clause = "WITH CHECK" if command == "INSERT" else "USING"
        names = {"verb": command.lower(), "table": table, "command": command}
        op.execute(POLICY.format(clause=clause, part=part, more=more, **names))
    op.execute(TOLD)
    for function in INSIDE:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
    op.execute(AUTHORS)


def downgrade() -> None:
    op.execute("DROP TRIGGER check_author ON sign_offs; DROP FUNCTION cmis_check_author()")
    op.execute("DROP TRIGGER note_danger ON deadlines; DROP TRIGGER note_withdrawal ON consents")
    for function in reversed(INSIDE):
        op.execute(f"DROP FUNCTION {function}")
    for table, command, _, _ in WRITTEN:
        op.execute(f"DROP POLICY emergency_reads_{command.lower()} ON {table}")
    op.execute("DROP FUNCTION cmis_may_write(text, text); DROP FUNCTION cmis_shared_cases(text)")
