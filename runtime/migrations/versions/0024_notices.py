"""Notices: what a person is told, kept until they have read it, made with the act it tells of.

A notice holds ids and no words. It is made by the database in the transaction of the act (a letter,
an answer, an invitation, a task, an approval, an emergency opening) or, for what time alone brings
about, by ``cmis_remind``, which anybody may call: it tells what is due and tells it once.
"""

from __future__ import annotations

from alembic import op

revision = "0024_notices"
down_revision = "0023_conference_versions"
branch_labels = None
depends_on = None

RECEIVING = (
    "'social_worker_province', 'social_worker_shelter', 'prosecutor_youth_family', "
    "'coordination_centre_subdistrict', 'supervisor', 'partner_officer'"
)
SIGNING = "'supervisor', 'prosecutor_youth_family'"
TABLE = """
CREATE TABLE notices (
    id text PRIMARY KEY DEFAULT gen_random_uuid()::text,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    user_id text NOT NULL REFERENCES users,
    kind text NOT NULL,
    subject_id text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    read_at timestamptz,
    UNIQUE (user_id, kind, subject_id)
);
CREATE INDEX notices_by_case ON notices (case_id);
CREATE INDEX notices_of_person ON notices (user_id, made_at);
ALTER TABLE notices ENABLE ROW LEVEL SECURITY;
ALTER TABLE notices FORCE ROW LEVEL SECURITY;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON notices FROM cmis_app;
CREATE POLICY ones_own ON notices FOR SELECT USING (user_id = cmis_user_id());
CREATE POLICY read_by_oneself ON notices FOR UPDATE
    USING (user_id = cmis_user_id()) WITH CHECK (user_id = cmis_user_id());
GRANT UPDATE (read_at) ON notices TO cmis_app;
CREATE POLICY within_the_owners_functions ON notices TO CURRENT_USER
    USING (current_setting('cmis.within', true) = 'on')
    WITH CHECK (current_setting('cmis.within', true) = 'on');
CREATE POLICY within_the_owners_functions ON conference_tasks FOR SELECT TO CURRENT_USER
    USING (current_setting('cmis.within', true) = 'on');

CREATE FUNCTION cmis_tell_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('cmis_notices', NEW.user_id || ' ' || NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER tell_notice AFTER INSERT ON notices
    FOR EACH ROW EXECUTE FUNCTION cmis_tell_notice();
"""
# Nobody is told of what they did themselves.
NOTING = f"""
CREATE FUNCTION cmis_colleagues(of_agency text, roles text[]) RETURNS text[] LANGUAGE sql STABLE AS
$$ SELECT coalesce(array_agg(id), '{{}}') FROM users
   WHERE agency_id = of_agency AND role = ANY (roles) AND active $$;

CREATE FUNCTION cmis_note(people text[], of_case text, what text, about text) RETURNS void
LANGUAGE sql AS
$$ INSERT INTO notices (case_id, user_id, kind, subject_id)
   SELECT of_case, u.id, what, about FROM users u
   WHERE u.id = ANY (people) AND u.active AND u.id IS DISTINCT FROM cmis_user_id()
   ON CONFLICT DO NOTHING $$;

CREATE FUNCTION cmis_note_letter() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
DECLARE receivers text[] := cmis_colleagues(NEW.to_agency, ARRAY[{RECEIVING}]);
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM cmis_note(receivers, NEW.case_id, 'letter_arrived', NEW.id);
    ELSIF NEW.status <> OLD.status THEN
        PERFORM cmis_note(CASE NEW.status WHEN 'revoked' THEN receivers ELSE ARRAY[NEW.sent_by] END,
            NEW.case_id, 'letter_' || NEW.status, NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note_letter AFTER INSERT OR UPDATE ON referrals
    FOR EACH ROW EXECUTE FUNCTION cmis_note_letter();

CREATE FUNCTION cmis_note_conference() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
BEGIN
    IF TG_TABLE_NAME = 'conference_members' THEN
        PERFORM cmis_note(ARRAY[NEW.user_id], NEW.case_id, 'conference_called', NEW.conference_id);
    ELSIF TG_TABLE_NAME = 'conference_tasks' THEN
        PERFORM cmis_note(cmis_colleagues(NEW.agency_id, ARRAY[{RECEIVING}]), NEW.case_id,
            'task_given', NEW.id);
    ELSIF NEW.status = 'decided' AND OLD.status = 'open' THEN
        PERFORM cmis_note(array_agg(m.user_id), NEW.case_id, 'conference_decided', NEW.id)
        FROM conference_members m WHERE m.conference_id = NEW.id AND m.withdrawn_at IS NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note_conference AFTER INSERT ON conference_members
    FOR EACH ROW EXECUTE FUNCTION cmis_note_conference();
CREATE TRIGGER note_conference AFTER INSERT ON conference_tasks
    FOR EACH ROW EXECUTE FUNCTION cmis_note_conference();
CREATE TRIGGER note_conference AFTER UPDATE ON conferences
    FOR EACH ROW EXECUTE FUNCTION cmis_note_conference();

CREATE FUNCTION cmis_note_approval() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM cmis_note(cmis_colleagues(c.agency_id, ARRAY[{SIGNING}]), c.id, 'approval_asked',
            NEW.id) FROM cases c WHERE c.id = NEW.case_id;
    ELSIF NEW.verdict IS NOT NULL AND OLD.verdict IS NULL THEN
        PERFORM cmis_note(ARRAY[NEW.requested_by], NEW.case_id, 'approval_' || NEW.verdict, NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note_approval AFTER INSERT OR UPDATE ON sign_offs
    FOR EACH ROW EXECUTE FUNCTION cmis_note_approval();

CREATE FUNCTION cmis_note_opening() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
BEGIN
    PERFORM cmis_note(cmis_colleagues(c.agency_id, ARRAY['supervisor']) || c.owner_id, c.id,
        'glass_broken', NEW.id) FROM cases c WHERE c.id = NEW.case_id;
    RETURN NULL;
END $$;
CREATE TRIGGER note_opening AFTER INSERT ON glass_breaks
    FOR EACH ROW EXECUTE FUNCTION cmis_note_opening();
"""  # noqa: S608
# What is late is told to a supervisor as well: it escalates.
REMIND = """
CREATE FUNCTION cmis_remind(ahead_hours integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
DECLARE told integer; more integer;
BEGIN
    INSERT INTO notices (case_id, user_id, kind, subject_id)
    SELECT d.case_id, u.id,
        CASE WHEN d.due < now() THEN 'deadline_overdue' ELSE 'deadline_soon' END, d.id
    FROM deadlines d JOIN cases c ON c.id = d.case_id
    JOIN users u ON u.active AND (u.id = c.owner_id
        OR (d.due < now() AND u.role = 'supervisor' AND u.agency_id = c.agency_id))
    WHERE d.status = 'open' AND d.due < now() + make_interval(hours => ahead_hours)
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS told = ROW_COUNT;
    INSERT INTO notices (case_id, user_id, kind, subject_id)
    SELECT r.case_id, u.id, 'letter_unanswered', r.id
    FROM referrals r JOIN users u ON u.active AND (u.id = r.sent_by
        OR (u.role = 'supervisor' AND u.agency_id IN (r.from_agency, r.to_agency)))
    WHERE r.status = 'pending' AND r.answer_by < now()
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS more = ROW_COUNT;
    told := told + more;
    INSERT INTO notices (case_id, user_id, kind, subject_id)
    SELECT t.case_id, u.id, 'task_overdue', t.id
    FROM conference_tasks t JOIN users u ON u.active AND (u.id = t.added_by
        OR (u.role = 'supervisor' AND u.agency_id = t.agency_id))
    WHERE t.status = 'open' AND t.due < now()
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS more = ROW_COUNT;
    RETURN told + more;
END $$;
"""
INSIDE = (
    "cmis_colleagues(text, text[])",
    "cmis_note(text[], text, text, text)",
    "cmis_note_letter()",
    "cmis_note_conference()",
    "cmis_note_approval()",
    "cmis_note_opening()",
    "cmis_remind(integer)",
)


def upgrade() -> None:
    for part in (TABLE, NOTING, REMIND):
        op.execute(part)
    for function in INSIDE:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION cmis_remind(integer) TO cmis_app")


def downgrade() -> None:
    for trigger, table in (
        ("note_letter", "referrals"),
        ("note_conference", "conference_members"),
        ("note_conference", "conference_tasks"),
        ("note_conference", "conferences"),
        ("note_approval", "sign_offs"),
        ("note_opening", "glass_breaks"),
    ):
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    op.execute("DROP TABLE notices; DROP FUNCTION cmis_tell_notice()")
    op.execute("DROP POLICY within_the_owners_functions ON conference_tasks")
    for function in reversed(INSIDE):
        op.execute(f"DROP FUNCTION {function}")
