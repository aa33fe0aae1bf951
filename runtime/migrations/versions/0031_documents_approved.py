"""A version of a document that waits for its approval, or was refused it, goes nowhere.

The rule stood in the service and asked the approvals that whoever acts may see; an agency the
documents were opened to sees none, so it could send the version on. The database decides now,
over all approvals. The same bytes in another version wait as well, until that one is approved.
Who may see a document may see what was said to its approval.
"""

from __future__ import annotations

from alembic import op

revision = "0031_documents_approved"
down_revision = "0030_administration"
branch_labels = None
depends_on = None

CHECK = """
CREATE POLICY within_the_owners_functions ON document_versions FOR SELECT TO CURRENT_USER
    USING (current_setting('cmis.within', true) = 'on');
CREATE FUNCTION cmis_check_approved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS $$
DECLARE bytes text;
BEGIN
    SELECT v.sha256 INTO bytes FROM document_versions v
    WHERE v.id = NEW.version_id AND v.document_id = NEW.document_id AND v.case_id = NEW.case_id;
    IF bytes IS NULL THEN
        RAISE EXCEPTION 'a version of another document'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'document_of_case';
    END IF;
    IF EXISTS (SELECT FROM sign_offs s WHERE s.case_id = NEW.case_id AND s.kind = 'document'
            AND (s.subject_id = NEW.version_id OR s.content_hash = bytes)
            AND s.verdict IS DISTINCT FROM 'approved')
        AND NOT EXISTS (SELECT FROM sign_offs s WHERE s.case_id = NEW.case_id
            AND s.kind = 'document' AND s.subject_id = NEW.version_id
            AND s.content_hash = bytes AND s.verdict = 'approved') THEN
        RAISE EXCEPTION 'not approved yet'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'document_unapproved';
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION cmis_check_approved() FROM PUBLIC;
CREATE TRIGGER check_approved BEFORE INSERT ON document_custody
    FOR EACH ROW WHEN (NEW.act IN ('sent', 'signed'))
    EXECUTE FUNCTION cmis_check_approved();
"""
SEEN = """
CREATE POLICY of_a_document_seen ON sign_offs FOR SELECT USING (kind = 'document'
    AND EXISTS (SELECT FROM document_versions v WHERE v.id = sign_offs.subject_id));
"""


def upgrade() -> None:
    op.execute(CHECK)
    op.execute(SEEN)


def downgrade() -> None:
    op.execute(
        "DROP POLICY of_a_document_seen ON sign_offs;"
        "DROP TRIGGER check_approved ON document_custody; DROP FUNCTION cmis_check_approved();"
        "DROP POLICY within_the_owners_functions ON document_versions"
    )
