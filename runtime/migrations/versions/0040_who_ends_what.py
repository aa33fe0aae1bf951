"""Whoever a case is opened to changes what their own agency added, and nothing of the owner's.

A letter or an invitation that reached to the steps was enough to end any limit of the case, the
danger that a visit found included; to end any task of a conference; to withdraw a consent given to
another agency; to withdraw the owner's document or put another version over it. Danger and limits
of the law belong to the case's own workers, whoever added them. What another agency records may
still answer a limit it is about (`cmis_end_by_entry`), as its very entry says.

A limit that is cancelled says why, or which entry, plan or closure took its place. An emergency
opening reached services and approvals, whose rules asked for a part that it opens like any other.
"""

from __future__ import annotations

from alembic import op

revision = "0040_who_ends_what"
down_revision = "0039_notices_unread"
branch_labels = None
depends_on = None

RECEIVING = (
    "'social_worker_province', 'social_worker_shelter', 'prosecutor_youth_family', "
    "'coordination_centre_subdistrict', 'supervisor', 'partner_officer'"
)
COLUMNS = """
ALTER TABLE deadlines ADD COLUMN agency_id text REFERENCES agencies, ADD COLUMN done_name text,
    ADD COLUMN ended_by text;
ALTER TABLE deadlines NO FORCE ROW LEVEL SECURITY;
ALTER TABLE deadlines DISABLE TRIGGER keep_conditions;
UPDATE deadlines SET agency_id = users.agency_id FROM users WHERE users.id = deadlines.added_by;
UPDATE deadlines SET done_name = users.name FROM users WHERE users.id = deadlines.done_by;
UPDATE deadlines SET ended_by = 'before_reasons_were_asked'
WHERE status = 'cancelled' AND coalesce(btrim(reason), '') = '';
ALTER TABLE deadlines ENABLE TRIGGER keep_conditions;
ALTER TABLE deadlines FORCE ROW LEVEL SECURITY;
ALTER TABLE deadlines ALTER COLUMN agency_id SET DEFAULT cmis_agency_id(),
    ADD CONSTRAINT cancelled_with_a_reason CHECK (status <> 'cancelled' OR ended_by IS NOT NULL
        OR coalesce(btrim(reason), '') <> '');
GRANT UPDATE (done_name, ended_by) ON deadlines TO cmis_app;
"""
RULE = f"""
CREATE FUNCTION cmis_danger(kind text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT kind IN ('unsafe', 'recurrence') $$;
CREATE FUNCTION cmis_may_end(owner text, adder text, kind text, statutory boolean, shared boolean)
RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce((owner = cmis_home_agency() AND cmis_role() <> 'auditor')
       OR (adder = cmis_agency_id() AND cmis_role() IN ({RECEIVING})
           AND NOT statutory AND NOT cmis_danger(kind) AND shared), false) $$;
"""
DEADLINES = """
DROP POLICY changed ON deadlines;
CREATE POLICY changed ON deadlines FOR UPDATE
    USING (EXISTS (SELECT FROM cases c WHERE c.id = deadlines.case_id AND cmis_may_end(
        c.agency_id, deadlines.agency_id, deadlines.kind, deadlines.statutory,
        c.id = ANY ((SELECT cmis_shared_cases('steps'))::text[]))))
    WITH CHECK (done_by = cmis_user_id());
CREATE POLICY for_ones_own_agency ON deadlines AS RESTRICTIVE FOR INSERT TO cmis_app
    WITH CHECK (agency_id = cmis_agency_id() AND (NOT statutory OR cmis_may_write(case_id, 'own')));
"""
DEADLINES_BEFORE = """
DROP POLICY for_ones_own_agency ON deadlines;
DROP POLICY changed ON deadlines;
CREATE POLICY changed ON deadlines FOR UPDATE
    USING (cmis_role() <> 'auditor' AND EXISTS (SELECT FROM cases
        WHERE cases.id = deadlines.case_id AND (cases.agency_id = (SELECT cmis_home_agency())
            OR cases.id = ANY ((SELECT cmis_opened_cases('steps'))::text[]))))
    WITH CHECK (done_by = cmis_user_id());
"""
# Which limits of a case another agency's entries answer; no danger and none of the law is among
# them. The forms of `cases/data/entries.yaml` say the same, and a test holds them together.
ANSWERED = (
    ("visit", "visit"),
    ("surveillance_contact", "surveillance"),
    ("surveillance_contact", "contact_again"),
    ("complaint_event", "complaint_review"),
    ("complaint_event", "court_date"),
    ("complaint_event", "notice"),
)
PAIRS = ", ".join(f"('{entry}', '{kind}')" for entry, kind in ANSWERED)
BY_ENTRY = f"""
CREATE POLICY within_the_owners_functions_ended ON deadlines FOR UPDATE TO CURRENT_USER
    USING (current_setting('cmis.within', true) = 'on')
    WITH CHECK (current_setting('cmis.within', true) = 'on');
CREATE FUNCTION cmis_end_by_entry(entry text, of_kind text, how text, early_days integer)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
DECLARE said entries%ROWTYPE; own boolean;
BEGIN
    SELECT * INTO said FROM entries e WHERE e.id = entry AND e.recorded_by = cmis_user_id()
        AND e.agency_id = cmis_agency_id()
        AND e.recorded_at BETWEEN transaction_timestamp() AND clock_timestamp();
    own := EXISTS (SELECT FROM cases c WHERE c.id = said.case_id
        AND c.agency_id = cmis_home_agency()) AND cmis_role() <> 'auditor';
    IF said.id IS NULL OR NOT (own OR (cmis_may_write(said.case_id, 'steps')
        AND (said.kind, of_kind) IN ({PAIRS}))) THEN
        RAISE EXCEPTION 'no entry that ends this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE deadlines SET status = how, done_by = said.recorded_by, done_name = said.recorded_name,
        done_at = now(), ended_by = entry
    WHERE id IN (SELECT d.id FROM deadlines d
        WHERE d.case_id = said.case_id AND d.kind = of_kind AND d.status = 'open'
            AND (own OR NOT (d.statutory OR cmis_danger(d.kind)))
            AND (early_days IS NULL OR d.due < now() + make_interval(days => early_days))
        ORDER BY d.due LIMIT CASE WHEN early_days IS NOT NULL THEN 1 END);
END $$;
REVOKE EXECUTE ON FUNCTION cmis_end_by_entry(text, text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_end_by_entry(text, text, text, integer) TO cmis_app;
"""  # noqa: S608
OWN = "cases.agency_id = (SELECT cmis_home_agency())"
REACHED = "cases.id = ANY ((SELECT cmis_{way}_cases('{part}'))::text[])"
CHANGED = """
ALTER POLICY {policy} ON {table} USING (cmis_role() <> 'auditor' AND EXISTS (SELECT FROM cases
    WHERE cases.id = {table}.case_id AND ({own}{more})));
"""
# Table, the policy of changing it, what other agencies may change, and the rule before.
THEIRS = (
    ("conference_tasks", "changed", "conference", "conference_tasks.agency_id = cmis_agency_id()"),
    ("consents", "withdrawn", "case", "cmis_agency_id() = ANY (consents.recipients)"),
    ("plan_services", "changed", "own", None),
    ("sign_offs", "changed", "own", None),
)
ADDED = ("plan_services", "sign_offs", "conference_tasks")
ONLY_OWN = """
CREATE POLICY to_an_own_case ON {table} AS RESTRICTIVE FOR INSERT TO cmis_app
    WITH CHECK (cmis_may_write(case_id, 'own'));
"""
DOCUMENTS = """
CREATE FUNCTION cmis_changes_document(wanted text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT cmis_role() <> 'auditor' AND EXISTS (SELECT FROM documents d WHERE d.id = wanted
       AND (cmis_may_write(d.case_id, 'own') OR EXISTS (SELECT FROM users u
           WHERE u.id = d.created_by AND u.agency_id = cmis_agency_id()))) $$;
CREATE POLICY of_ones_own_document ON document_versions AS RESTRICTIVE FOR INSERT TO cmis_app
    WITH CHECK (cmis_changes_document(document_id));
CREATE POLICY of_ones_own_document ON document_custody AS RESTRICTIVE FOR INSERT TO cmis_app
    WITH CHECK (act <> 'withdrawn' OR cmis_changes_document(document_id));
"""
DOCUMENTS_BEFORE = """
DROP POLICY of_ones_own_document ON document_versions;
DROP POLICY of_ones_own_document ON document_custody;
DROP FUNCTION cmis_changes_document(text);
"""


def upgrade() -> None:
    for part in (COLUMNS, RULE, DEADLINES, BY_ENTRY, DOCUMENTS):
        op.execute(part)
    for table, policy, part, theirs in THEIRS:
        reached = REACHED.format(way="shared", part=part)
        more = f" OR ({theirs} AND {reached})" if theirs else ""
        op.execute(CHANGED.format(policy=policy, table=table, own=OWN, more=more))
    for table in ADDED:
        op.execute(ONLY_OWN.format(table=table))


def downgrade() -> None:
    op.execute(DOCUMENTS_BEFORE)
    for table in ADDED:
        op.execute(f"DROP POLICY to_an_own_case ON {table}")
    for table, policy, part, _ in THEIRS:
        more = f" OR {REACHED.format(way='opened', part=part)}"
        op.execute(CHANGED.format(policy=policy, table=table, own=OWN, more=more))
    op.execute("DROP FUNCTION cmis_end_by_entry(text, text, text, integer)")
    op.execute("DROP POLICY within_the_owners_functions_ended ON deadlines")
    op.execute(DEADLINES_BEFORE)
    op.execute(
        "DROP FUNCTION cmis_may_end(text, text, text, boolean, boolean);"
        "DROP FUNCTION cmis_danger(text);"
        "ALTER TABLE deadlines DROP CONSTRAINT cancelled_with_a_reason, DROP COLUMN agency_id,"
        " DROP COLUMN done_name, DROP COLUMN ended_by"
    )
