"""What research needs of the record: a de-identified view, trials, runs of evaluations, a log.

A researcher sees no case. What may be known for research comes from one function of the owner,
which returns no name, no free text and a keyed hash in place of an id. Functions of the owner read
past the rows' rules by ``cmis.research``, which a policy for the owner alone regards: the
application's role may set it and gains nothing.

``plan_edits`` is measured when a plan is approved, by somebody who may read it, so that no text
has to leave the record to learn how much of a draft was kept.
"""

from __future__ import annotations

from alembic import op

revision = "0010_research"
down_revision = "0009_relations"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE agencies ADD COLUMN region text NOT NULL DEFAULT 'unknown';
CREATE TABLE plan_edits (
    version_id text PRIMARY KEY REFERENCES plan_versions ON DELETE CASCADE,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    distance integer NOT NULL CHECK (distance >= 0),
    characters integer NOT NULL CHECK (characters >= distance)
);
CREATE TABLE trials (
    id text PRIMARY KEY,
    registration jsonb NOT NULL,
    sha256 text NOT NULL,
    started_by text NOT NULL REFERENCES users,
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_by text REFERENCES users,
    ended_at timestamptz,
    end_reason text,
    unblinded_by text REFERENCES users,
    unblinded_at timestamptz,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    CHECK (unblinded_at IS NULL OR ended_at IS NOT NULL)
);
CREATE TABLE trial_assignments (
    trial_id text NOT NULL REFERENCES trials,
    case_id text NOT NULL UNIQUE REFERENCES cases ON DELETE CASCADE,
    agency_id text NOT NULL REFERENCES agencies,
    place integer NOT NULL,
    arm text NOT NULL,
    letter text NOT NULL,
    assigned_by text NOT NULL REFERENCES users,
    assigned_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (trial_id, case_id),
    UNIQUE (trial_id, agency_id, place)
);
CREATE TABLE evaluation_runs (
    id text PRIMARY KEY,
    experiment text NOT NULL,
    family text NOT NULL,
    options jsonb NOT NULL,
    status text NOT NULL DEFAULT 'queued'
        CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    step text,
    percent real NOT NULL DEFAULT 0,
    document jsonb,
    folder text,
    report_sha256 text,
    error_code text,
    job_id bigint,
    requested_by text NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX evaluation_runs_by_time ON evaluation_runs (created_at DESC);
CREATE TABLE research_events (
    seq integer PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    detail jsonb NOT NULL,
    prev_hash text NOT NULL,
    hash text NOT NULL
);
"""
OF_A_CASE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY of_a_visible_case ON {table}
    USING (EXISTS (SELECT FROM cases WHERE cases.id = {table}.case_id))
    WITH CHECK (cmis_role() <> 'auditor'
        AND EXISTS (SELECT FROM cases WHERE cases.id = {table}.case_id));
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM cmis_app;
"""
OF_RESEARCH = """
CREATE POLICY assigned_in_own_name ON trial_assignments AS RESTRICTIVE FOR INSERT
    WITH CHECK (assigned_by = cmis_user_id() AND agency_id = cmis_agency_id());
ALTER TABLE trials ENABLE ROW LEVEL SECURITY;
ALTER TABLE trials FORCE ROW LEVEL SECURITY;
CREATE POLICY known_to_who_is_signed_in ON trials FOR SELECT USING (cmis_role() IS NOT NULL);
CREATE POLICY started_in_own_name ON trials FOR INSERT
    WITH CHECK (cmis_role() = 'researcher' AND started_by = cmis_user_id());
CREATE POLICY ended_in_own_name ON trials FOR UPDATE USING (cmis_role() = 'researcher')
    WITH CHECK (cmis_role() = 'researcher');
REVOKE UPDATE, DELETE, TRUNCATE ON trials FROM cmis_app;
GRANT UPDATE (ended_by, ended_at, end_reason, unblinded_by, unblinded_at) ON trials TO cmis_app;
ALTER TABLE evaluation_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE evaluation_runs FORCE ROW LEVEL SECURITY;
CREATE POLICY of_researchers ON evaluation_runs USING (cmis_role() = 'researcher')
    WITH CHECK (cmis_role() = 'researcher');
CREATE POLICY asked_in_own_name ON evaluation_runs AS RESTRICTIVE FOR INSERT
    WITH CHECK (requested_by = cmis_user_id());
REVOKE UPDATE, DELETE, TRUNCATE ON evaluation_runs FROM cmis_app;
GRANT UPDATE (status, step, percent, document, folder, report_sha256, error_code, job_id,
    updated_at) ON evaluation_runs TO cmis_app;
ALTER TABLE research_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE research_events FORCE ROW LEVEL SECURITY;
CREATE POLICY read_by_who_watches ON research_events FOR SELECT
    USING (cmis_role() IN ('researcher', 'auditor', 'administrator'));
CREATE POLICY written_in_own_name ON research_events FOR INSERT
    WITH CHECK (cmis_role() = 'researcher' AND actor_id = cmis_user_id());
REVOKE UPDATE, DELETE, TRUNCATE ON research_events FROM cmis_app;
"""
READ_FOR_RESEARCH = (
    "cases",
    "codings",
    "code_decisions",
    "plan_versions",
    "item_decisions",
    "approvals",
    "plan_edits",
    "trials",
    "trial_assignments",
)
WITHIN = """
CREATE POLICY within_research ON {table} FOR SELECT TO CURRENT_USER
    USING (current_setting('cmis.research', true) = 'on');
"""
# The pseudonym is hashed twice with the key, as a keyed hash must be; the id does not come out.
EXTRACT = """
CREATE FUNCTION cmis_research_cases(key bytea, since timestamptz, until timestamptz,
                                    age_bounds integer[])
RETURNS TABLE (pseudonym text, agency_kind text, region text, month date, age_band integer,
    sex text, codes jsonb, unsure jsonb, code_decisions jsonb, urgency_proposed text,
    urgency_decided text, red_flags jsonb, versions integer, accepted integer, edited integer,
    struck integer, edit_distance integer, edit_characters integer, minutes_to_approval integer,
    review_minutes integer, trial text, arm text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.research = 'on' AS
$$ SELECT
    left(encode(sha256(key || sha256(key || convert_to(c.id, 'UTF8'))), 'hex'), 16),
    a.kind, a.region,
    date_trunc('month', c.received_at AT TIME ZONE 'Asia/Bangkok')::date,
    (SELECT width_bucket((f ->> 'value')::numeric, age_bounds::numeric[])
     FROM jsonb_array_elements(coded.content -> 'facts') f
     WHERE f ->> 'field' = 'age_years' AND jsonb_typeof(f -> 'value') = 'number' LIMIT 1),
    (SELECT f ->> 'value' FROM jsonb_array_elements(coded.content -> 'facts') f
     WHERE f ->> 'field' = 'sex' AND f ->> 'value' IN ('F', 'M', 'X') LIMIT 1),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('code', p -> 'code', 'score', p -> 'score',
        'role', p -> 'role')), '[]') FROM jsonb_array_elements(coded.content -> 'codes') p),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('code', p -> 'code', 'score', p -> 'score')),
        '[]') FROM jsonb_array_elements(coded.content -> 'unsure') p),
    (SELECT coalesce(jsonb_object_agg(d.code, d.decision), '{}') FROM (
        SELECT DISTINCT ON (code) code, decision FROM code_decisions
        WHERE case_id = c.id ORDER BY code, id DESC) d),
    coded.content -> 'urgency' ->> 'level', c.urgency,
    (SELECT coalesce(jsonb_agg(f -> 'id' ORDER BY f ->> 'id'), '[]')
     FROM jsonb_array_elements(coded.content -> 'red_flags') f),
    (SELECT count(*)::integer FROM plan_versions WHERE case_id = c.id),
    decided.accepted, decided.edited, decided.struck, edits.distance, edits.characters,
    (extract(epoch FROM plan.approved_at - c.created_at) / 60)::integer,
    (extract(epoch FROM plan.approved_at - plan.created_at) / 60)::integer,
    t.id, CASE WHEN t.unblinded_at IS NULL THEN placed.letter ELSE placed.arm END
FROM cases c JOIN agencies a ON a.id = c.agency_id
LEFT JOIN LATERAL (SELECT content FROM codings WHERE case_id = c.id
    ORDER BY created_at DESC, id LIMIT 1) coded ON true
LEFT JOIN LATERAL (SELECT v.id, v.created_at, p.approved_at FROM plan_versions v
    LEFT JOIN approvals p ON p.version_id = v.id WHERE v.case_id = c.id
    ORDER BY (p.version_id IS NULL), v.number DESC LIMIT 1) plan ON true
LEFT JOIN LATERAL (SELECT
        count(*) FILTER (WHERE n.decision = 'accepted')::integer AS accepted,
        count(*) FILTER (WHERE n.decision = 'edited')::integer AS edited,
        count(*) FILTER (WHERE n.decision = 'struck')::integer AS struck
    FROM (SELECT DISTINCT ON (sentence_id) decision FROM item_decisions
          WHERE version_id = plan.id ORDER BY sentence_id, revision DESC) n) decided ON true
LEFT JOIN plan_edits edits ON edits.version_id = plan.id
LEFT JOIN trial_assignments placed ON placed.case_id = c.id
LEFT JOIN trials t ON t.id = placed.trial_id
WHERE cmis_role() = 'researcher' AND c.received_at >= since AND c.received_at < until
ORDER BY 1 $$;
"""
# Holding the trial's lock, so that two cases drafted at once never get one place.
PLACES = """
CREATE FUNCTION cmis_trial_places(wanted text, stratum text)
RETURNS TABLE (in_stratum integer, in_all integer) LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.research = 'on' AS
$$ SELECT pg_advisory_xact_lock(hashtextextended('trial ' || wanted, 2));
   SELECT count(*) FILTER (WHERE agency_id = stratum)::integer, count(*)::integer
   FROM trial_assignments WHERE trial_id = wanted $$;
"""
OF_THE_OWNER = (
    "cmis_research_cases(bytea, timestamptz, timestamptz, integer[])",
    "cmis_trial_places(text, text)",
)
CLOSED = """
REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {function} TO cmis_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("plan_edits", "trial_assignments"):
        op.execute(OF_A_CASE.format(table=table))
    op.execute(OF_RESEARCH)
    for table in READ_FOR_RESEARCH:
        op.execute(WITHIN.format(table=table))
    for part in (EXTRACT, PLACES):
        op.execute(part)
    for function in OF_THE_OWNER:
        op.execute(CLOSED.format(function=function))


def downgrade() -> None:
    for function in OF_THE_OWNER:
        op.execute(f"DROP FUNCTION {function}")
    for table in READ_FOR_RESEARCH:
        op.execute(f"DROP POLICY within_research ON {table}")
    op.execute(
        "DROP TABLE research_events, evaluation_runs, trial_assignments, trials, plan_edits;"
        "ALTER TABLE agencies DROP COLUMN region"
    )
