"""Who acted in a part of a case, by name and agency, for those who see that part.

Names of people were joined under the rules of ``users``, which show one's own agency alone: what
anybody else had sent, received, read or been refused stood without a name. One function of the
owner now tells the display name and the agency, nothing else, of those who wrote a row of the part;
whoever does not see the part is told nobody. It asks ``cases`` itself, for an owner that is a
superuser reads past every policy.
"""

from __future__ import annotations

from alembic import op

revision = "0044_who_acted"
down_revision = "0043_sources_decided"
branch_labels = None
depends_on = None

# A kind of document that is hidden from somebody hides who handled it, too.
OPEN = "JOIN documents d ON d.id = a.document_id AND cmis_role() <> ALL (d.hidden_from)"
ASKED = f"""JOIN document_versions v ON a.kind = 'document' AND v.id = a.subject_id
    {OPEN.replace("a.document_id", "v.document_id")}"""
WRITTEN = (
    ("trail", "audit_events", "actor_id", ""),
    ("codes", "code_decisions", "decided_by", ""),
    ("codes", "flag_decisions", "decided_by", ""),
    ("plan", "item_decisions", "decided_by", ""),
    ("plan", "approvals", "approved_by", ""),
    ("persons", "household_facts", "decided_by", ""),
    ("documents", "document_versions", "created_by", OPEN),
    ("documents", "document_custody", "done_by", OPEN),
    ("documents", "sign_offs", "requested_by", ASKED),
    ("documents", "sign_offs", "decided_by", ASKED),
    ("steps", "deadlines", "done_by", ""),
    ("services", "plan_services", "changed_by", ""),
    ("conference", "conference_posts", "written_by", ""),
    ("conference", "conference_votes", "voter_id", ""),
    ("sign_offs", "sign_offs", "requested_by", ""),
    ("sign_offs", "sign_offs", "decided_by", ""),
)
# Sound is heard by the case's own people alone.
HEARD = """SELECT a.written_by FROM transcript_texts a
    JOIN transcriptions t ON t.id = a.transcription_id JOIN recordings r ON r.id = t.recording_id
    JOIN cases c ON c.id = r.case_id AND c.agency_id = cmis_home_agency()
    WHERE r.case_id = wanted AND part = 'sound'"""
AUTHORS = HEARD + "".join(
    f" UNION ALL SELECT a.{column} FROM {table} a {more}"  # noqa: S608
    f" WHERE a.case_id = wanted AND part = '{name}'"
    for name, table, column, more in WRITTEN
)
ACTED = f"""
CREATE FUNCTION cmis_acted(wanted text, part text)
RETURNS TABLE (id text, name text, agency_id text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 20
SET search_path = pg_catalog, public, pg_temp AS
$$ SELECT u.id, u.name, u.agency_id FROM users u
   WHERE EXISTS (SELECT FROM cases c WHERE c.id = wanted AND (c.agency_id = cmis_home_agency()
           OR c.id = ANY (cmis_opened_cases(part))))
       AND u.id IN ({AUTHORS}) $$;
REVOKE EXECUTE ON FUNCTION cmis_acted(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cmis_acted(text, text) TO cmis_app;
"""  # noqa: S608


def upgrade() -> None:
    op.execute(ACTED)


def downgrade() -> None:
    op.execute("DROP FUNCTION cmis_acted(text, text)")
