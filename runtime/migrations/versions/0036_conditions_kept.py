"""Which conditions of the steps a case meets is kept beside it, for counting a whole office.

Computing them anew for 18,000 open cases took seconds and grew with every entry. The same
transaction that changes a record renews its row, at its end: by then it holds every other lock of
the case, so two writers wait for one another and never in a circle, and the one that waited reads
what the other wrote. Where one case stands is still computed from its record (``cases.steps``);
which step a set of conditions makes is said by ``cases/data/steps.yaml`` alone.
"""

from __future__ import annotations

from alembic import op

revision = "0036_conditions_kept"
down_revision = "0035_openings_escalate"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE case_conditions (
    case_id text PRIMARY KEY REFERENCES cases ON DELETE CASCADE,
    met text[] NOT NULL
);
ALTER TABLE case_conditions ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_conditions FORCE ROW LEVEL SECURITY;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON case_conditions FROM cmis_app;
CREATE POLICY seen ON case_conditions FOR SELECT USING (EXISTS (SELECT FROM cases
    WHERE cases.id = case_conditions.case_id AND cases.agency_id = (SELECT cmis_home_agency())));
CREATE POLICY within_the_owners_functions ON case_conditions TO CURRENT_USER
    USING (current_setting('cmis.within', true) = 'on')
    WITH CHECK (current_setting('cmis.within', true) = 'on');
SELECT cmis_reach_by_erasure('case_conditions');
"""
# What came before a case was reopened counts for nothing. A comparison with a moment that never
# was gives null, which meets no condition.
MET = """
CREATE FUNCTION cmis_conditions(wanted text) RETURNS text[] LANGUAGE sql STABLE AS
$$ WITH said AS (
       SELECT bool_or(kind = 'registration') AS registered,
           max(recorded_at) FILTER (WHERE kind = 'reopening') AS since,
           max(recorded_at) FILTER (WHERE kind = 'screening') AS screened,
           max(recorded_at) FILTER (WHERE kind = 'assessment') AS assessed,
           max(recorded_at) FILTER (WHERE kind = 'assessment' OR (kind = 'reassessment'
               AND content ->> 'decision' = 'change_plan')) AS changed,
           max(recorded_at) FILTER (WHERE kind = 'reassessment') AS judged
       FROM entries WHERE case_id = wanted
   ), stood AS (
       SELECT e.*, CASE WHEN a.at > e.changed AND (e.since IS NULL OR e.changed >= e.since)
           THEN a.at END AS planned
       FROM said e, (SELECT max(approved_at) AS at FROM approvals WHERE case_id = wanted) a
   ), visits AS (
       SELECT min(e.recorded_at) AS first FROM entries e, stood s
       WHERE e.case_id = wanted AND e.kind = 'visit' AND e.recorded_at > s.planned
   ), served AS (
       SELECT bool_or(v.status IN ('accepted', 'under_way', 'delivered', 'not_delivered'))
           AS begun, bool_and(v.status IN ('delivered', 'not_delivered', 'declined', 'withdrawn'))
           AS ended
       FROM plan_services v, said e
       WHERE v.case_id = wanted AND (e.since IS NULL OR v.changed_at > e.since
           OR v.status NOT IN ('delivered', 'not_delivered', 'declined', 'withdrawn'))
   ), closed AS (
       SELECT max(decided_at) AS at FROM sign_offs
       WHERE case_id = wanted AND kind = 'closure' AND verdict = 'approved'
   )
   SELECT array_remove(ARRAY[
       CASE WHEN EXISTS (SELECT FROM narratives WHERE case_id = wanted) THEN 'story_told' END,
       CASE WHEN s.registered THEN 'registered' END,
       CASE WHEN s.screened >= coalesce(s.since, s.screened) THEN 'screened' END,
       CASE WHEN NOT EXISTS (SELECT FROM referrals WHERE case_id = wanted AND status = 'pending')
           THEN 'letters_answered' END,
       CASE WHEN s.assessed >= coalesce(s.since, s.assessed) THEN 'assessed' END,
       CASE WHEN s.planned IS NOT NULL THEN 'plan_approved' END,
       CASE WHEN s.planned IS NOT NULL AND v.begun THEN 'services_begun' END,
       CASE WHEN s.planned IS NOT NULL AND v.ended THEN 'services_delivered' END,
       CASE WHEN w.first IS NOT NULL THEN 'visited' END,
       CASE WHEN s.judged > w.first THEN 'reassessed' END,
       CASE WHEN s.judged > w.first AND (SELECT content ->> 'decision' FROM entries
           WHERE case_id = wanted AND kind = 'reassessment'
           ORDER BY recorded_at DESC, id DESC LIMIT 1) = 'prepare_closure'
           THEN 'closure_prepared' END,
       CASE WHEN c.at > coalesce(s.since, '-infinity') THEN 'closure_approved' END,
       CASE WHEN c.at > coalesce(s.since, '-infinity') AND NOT EXISTS (SELECT FROM deadlines
           WHERE case_id = wanted AND status = 'open' AND kind = 'surveillance')
           THEN 'surveillance_over' END], NULL)
   FROM stood s, visits w, served v, closed c $$;
REVOKE EXECUTE ON FUNCTION cmis_conditions(text) FROM PUBLIC;
"""
KEPT = """
CREATE FUNCTION cmis_keep_conditions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
DECLARE wanted text := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END
    ->> TG_ARGV[0];
BEGIN
    INSERT INTO case_conditions SELECT id, '{}' FROM cases WHERE id = wanted ON CONFLICT DO NOTHING;
    PERFORM FROM case_conditions WHERE case_id = wanted FOR UPDATE;
    UPDATE case_conditions SET met = now_met.met
    FROM (SELECT cmis_conditions(wanted) AS met) now_met
    WHERE case_id = wanted AND case_conditions.met <> now_met.met;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION cmis_keep_conditions() FROM PUBLIC;
"""
READ_WITHIN = """
CREATE POLICY within_the_owners_functions ON entries FOR SELECT TO CURRENT_USER
    USING (current_setting('cmis.within', true) = 'on');
"""
KEEPS = """
CREATE CONSTRAINT TRIGGER keep_conditions AFTER {events} ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cmis_keep_conditions('{column}');
"""
EVENTS = "INSERT OR UPDATE OR DELETE"
STOOD_ON = (
    "narratives",
    "entries",
    "approvals",
    "plan_services",
    "referrals",
    "sign_offs",
    "deadlines",
)
FILLED = """
SELECT set_config('cmis.within', 'on', true);
INSERT INTO case_conditions SELECT id, cmis_conditions(id) FROM cases;
SELECT set_config('cmis.within', '', true);
"""


def upgrade() -> None:
    for part in (TABLE, READ_WITHIN, MET, KEPT, FILLED):
        op.execute(part)
    op.execute(KEEPS.format(events="INSERT", table="cases", column="id"))
    for table in STOOD_ON:
        op.execute(KEEPS.format(events=EVENTS, table=table, column="case_id"))


def downgrade() -> None:
    for table in ("cases", *STOOD_ON):
        op.execute(f"DROP TRIGGER keep_conditions ON {table}")
    op.execute("DROP FUNCTION cmis_keep_conditions(); DROP FUNCTION cmis_conditions(text)")
    op.execute("DROP POLICY within_the_owners_functions ON entries; DROP TABLE case_conditions")
