"""Records of cases as different as offices keep them, written past every rule by the database.

Moments fall on whole days of one month, so that acts coincide and come in any order; a given seed
gives the same records again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

SEED = "SELECT setseed(0.2569)"
MOMENT = "timestamptz '2026-06-01' + {days} * interval '1 day'"
ONE_OF = "(ARRAY[{kinds}])[1 + floor(random() * {many})::int]"


def _moment(days: str) -> str:
    return MOMENT.format(days=f"floor({days})")


def _one_of(*kinds: str) -> str:
    return ONE_OF.format(kinds=", ".join(f"'{k}'" for k in kinds), many=len(kinds))


def _drawn(lot: int, share: str, of: str = "c.id") -> str:
    """True for about a share of the rows: random() in a condition is asked once for many."""
    return f"mod(abs(hashtextextended({of}, {lot})), 1000) < 1000 * {share}"


COURSE = (
    "'registration', 'screening', 'assessment', 'visit', 'reassessment', 'visit', 'reassessment',"
    " 'reopening', 'screening', 'assessment', 'visit', 'reassessment', 'referral_note'"
)
OF, SHARE = "c.id || '/' || k", "CASE WHEN k = 8 THEN 0.3 WHEN k < 4 THEN 0.97 ELSE 0.7 END"
STORIES = f"""
INSERT INTO narratives (id, case_id, text, sha256, source, created_by)
SELECT 'n-' || c.id, c.id, 'x', 'x', '', c.owner_id FROM {{cases}} WHERE {_drawn(1, "0.97")}
"""  # noqa: S608
ENTRIES = f"""
INSERT INTO entries (id, case_id, kind, content, content_hash, agency_id, recorded_by,
    recorded_name, recorded_at)
SELECT md5(random()::text) || '-' || c.id || '-' || k, c.id, (ARRAY[{COURSE}])[k],
    jsonb_build_object('in_scope', random() < 0.8, 'risk', {_one_of("low", "high")},
        'decision', {_one_of("prepare_closure", "keep_plan", "change_plan", "prepare_closure")}),
    'x', c.agency_id, c.owner_id, 'x', {_moment("2 * k + random() * 4")}
FROM {{cases}}, generate_series(1, 13) k
WHERE k <= mod(abs(hashtextextended(c.id, 2)), 14) AND {_drawn(3, SHARE, OF)}
"""  # noqa: S608
CODINGS = f"""
INSERT INTO codings (id, case_id, narrative_id, content, coder_version)
SELECT 'k-' || n.id, c.id, n.id, jsonb_build_object('codes', jsonb_build_array(
    jsonb_build_object('code', {_one_of("VIO-01", "VIO-02", "ECO-01", "HLT-01")}, 'score', 0.9),
    jsonb_build_object('code', {_one_of("CHD-01", "CHD-02", "ELD-01", "DST-01")}, 'score', 0.5)),
    'filled', (SELECT string_agg(md5(random()::text || k || c.id), '')
               FROM generate_series(1, 140) k)), 'x'
FROM {{cases}} JOIN narratives n ON n.case_id = c.id
"""  # noqa: S608
PLANS = f"""
WITH planned AS (
    INSERT INTO plan_versions (id, case_id, number, content, content_hash, created_by)
    SELECT 'v' || k || '-' || c.id, c.id, k, '{{{{}}}}', 'x', c.owner_id
    FROM {{cases}}, generate_series(1, 3) k WHERE {_drawn(4, "0.5", OF)} RETURNING id, case_id
)
INSERT INTO approvals (version_id, case_id, content_hash, approved_content, approved_hash,
    approved_by, approved_at)
SELECT v.id, v.case_id, 'x', '{{{{}}}}', 'x', c.owner_id, {_moment("8 + random() * 9")}
FROM planned v JOIN cases c ON c.id = v.case_id
"""  # noqa: S608
EDITS = """
INSERT INTO plan_edits (version_id, case_id, distance, characters)
SELECT a.version_id, a.case_id, 7, 100 FROM {cases} JOIN approvals a ON a.case_id = c.id
"""
SERVICES = f"""
INSERT INTO plan_services (id, case_id, text, agency_id, status, added_by, changed_by,
    changed_name, changed_at)
SELECT 's' || k || '-' || c.id, c.id, 'x', c.agency_id,
    {_one_of("planned", "accepted", "declined", "under_way", "delivered", "not_delivered")},
    c.owner_id, c.owner_id, 'x', {_moment("8 + random() * 18")}
FROM {{cases}}, generate_series(1, 3) k WHERE {_drawn(5, "0.4", OF)}
"""  # noqa: S608
LETTERS = f"""
INSERT INTO referrals (id, case_id, kind, from_agency, to_agency, purpose, basis, basis_reason,
    requested, services, parts, shared, answer_by, sent_by, status)
SELECT 'l' || k || '-' || c.id, c.id, 'referral', c.agency_id, :other, 'legal', 'court_order',
    'x', 'x', '[]', ARRAY['story'], '{{{{}}}}', now(), c.owner_id,
    CASE WHEN random() < 0.2 THEN 'pending' ELSE 'done' END
FROM {{cases}}, generate_series(1, 2) k WHERE {_drawn(6, "0.3", OF)}
"""  # noqa: S608
CLOSURES = f"""
INSERT INTO sign_offs (id, case_id, kind, subject_id, content_hash, requested_by, requested_name)
SELECT 'f-' || c.id, c.id, {_one_of("closure", "closure", "transfer")}, 'f-' || c.id, 'x',
    c.owner_id, 'x' FROM {{cases}} WHERE {_drawn(7, "0.4")}
"""  # noqa: S608
SIGNED = f"""
UPDATE sign_offs f SET verdict = {_one_of("approved", "approved", "refused")}, decided_name = 'x',
    decided_by = (SELECT min(u.id) FROM users u
        WHERE u.agency_id = c.agency_id AND u.id <> f.requested_by),
    decided_at = {_moment("12 + random() * 20")}
FROM {{cases}} WHERE f.case_id = c.id AND {_drawn(8, "0.8")}
"""  # noqa: S608
WATCHES = f"""
INSERT INTO deadlines (id, case_id, kind, duty_th, duty_en, statutory, source, due, status,
    added_by, done_at)
SELECT d.id, d.id, d.kind, 'x', 'x', false, 'x', now(), d.status, d.owner_id,
    CASE d.status WHEN 'done' THEN now() END
FROM (SELECT c.id, c.owner_id, {_one_of("surveillance", "surveillance", "visit")} AS kind,
        {_one_of("open", "done")} AS status FROM {{cases}} WHERE {_drawn(9, "0.5")}) d
"""  # noqa: S608
ENDED = f"""
UPDATE cases SET status = 'closed' WHERE id IN (SELECT c.id FROM {{cases}}
    JOIN sign_offs f ON f.case_id = c.id WHERE f.verdict = 'approved' AND {_drawn(10, "0.7")})
"""  # noqa: S608
WRITTEN = (
    STORIES,
    CODINGS,
    ENTRIES,
    PLANS,
    EDITS,
    SERVICES,
    LETTERS,
    CLOSURES,
    SIGNED,
    WATCHES,
    ENDED,
)


TRIGGERED = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'keep_conditions'"
KEPT = """
INSERT INTO case_conditions SELECT id, cmis_conditions(id) FROM cases
ON CONFLICT (case_id) DO UPDATE SET met = excluded.met
"""


def vary(owner: Connection, agency: str, other: str) -> None:
    """Give every case of an agency without an entry yet a record.

    Letters go to the agency ``other``; closures are approved by a colleague.
    """
    owner.execute(text(SEED))
    bare = "(SELECT c.* FROM cases c JOIN bare b ON b.id = c.id) c"
    owner.execute(
        text(
            "CREATE TEMPORARY TABLE bare AS SELECT id FROM cases"
            " WHERE agency_id = :agency AND id NOT IN (SELECT case_id FROM entries)"
        ),
        {"agency": agency},
    )
    for statement in WRITTEN:
        filled = statement.format(cases=bare)
        owner.execute(text(filled), {"other": other} if ":other" in filled else {})
    owner.execute(text("DROP TABLE bare"))


@contextmanager
def kept_at_once(owner: Connection) -> Iterator[None]:
    """Conditions of cases written meanwhile are kept at the end, and not with every row."""
    tables = owner.scalars(text(TRIGGERED)).all()
    for table in tables:
        owner.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER keep_conditions"))
    yield
    for table in tables:
        owner.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER keep_conditions"))
    owner.execute(text(KEPT))
