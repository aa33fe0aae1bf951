"""Documents of a case: versions, custody, and the salts that open their files.

A document once received, read or signed cannot be deleted without a tombstone. Who of a visible
case's people may not see a kind of document is written in its row and decided by the database.
"""

from __future__ import annotations

from alembic import op

revision = "0015_documents"
down_revision = "0014_seals"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE documents (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    type_id text NOT NULL,
    title text NOT NULL,
    hidden_from text[] NOT NULL DEFAULT '{}',
    created_by text NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE document_versions (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    document_id text NOT NULL REFERENCES documents ON DELETE CASCADE,
    number integer NOT NULL,
    origin text NOT NULL CHECK (origin IN ('uploaded', 'drafted')),
    file_name text NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 text NOT NULL,
    scan text NOT NULL CHECK (scan IN ('clean', 'not_scanned')),
    created_by text NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (document_id, number)
);
CREATE TABLE document_keys (
    version_id text PRIMARY KEY REFERENCES document_versions ON DELETE CASCADE,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    salt bytea NOT NULL
);
CREATE TABLE document_custody (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    document_id text NOT NULL REFERENCES documents ON DELETE CASCADE,
    version_id text REFERENCES document_versions ON DELETE CASCADE,
    act text NOT NULL CHECK (act IN ('made', 'sent', 'received', 'refused', 'read', 'signed',
        'withdrawn')),
    party text,
    note text,
    done_by text NOT NULL REFERENCES users,
    done_at timestamptz NOT NULL DEFAULT now(),
    CHECK (act <> 'sent' OR party IS NOT NULL),
    CHECK (act NOT IN ('refused', 'withdrawn') OR note IS NOT NULL)
);
CREATE INDEX document_versions_by_document ON document_versions (document_id);
CREATE INDEX document_custody_by_document ON document_custody (document_id);
CREATE TABLE document_files (
    name text PRIMARY KEY,
    kept boolean NOT NULL DEFAULT false,
    written_at timestamptz NOT NULL DEFAULT now()
);
REVOKE DELETE ON document_files FROM cmis_app;
"""
# As in 0009: the agency's own cases, or those a relation opens to this part.
REACHED = """EXISTS (SELECT FROM cases WHERE cases.id = {table}.case_id
    AND (cases.agency_id = (SELECT cmis_home_agency())
         OR cases.id = ANY ((SELECT cmis_opened_cases('documents'))::text[])))"""
OF_A_CASE = f"""
ALTER TABLE {{table}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{table}} FORCE ROW LEVEL SECURITY;
CREATE INDEX {{table}}_by_case ON {{table}} (case_id);
CREATE POLICY of_a_visible_case ON {{table}} FOR SELECT USING ({REACHED}{{more}});
CREATE POLICY to_a_visible_case ON {{table}} FOR INSERT
    WITH CHECK (cmis_role() <> 'auditor' AND {REACHED}{{more}});
REVOKE UPDATE, DELETE, TRUNCATE ON {{table}} FROM cmis_app;
"""  # noqa: S608
NOT_HIDDEN = """ AND EXISTS (SELECT FROM documents d WHERE d.id = {table}.document_id)"""
TABLES_MORE = {
    "documents": " AND cmis_role() <> ALL (hidden_from)",
    "document_versions": NOT_HIDDEN.format(table="document_versions"),
    "document_keys": " AND EXISTS (SELECT FROM document_versions v"
    " WHERE v.id = document_keys.version_id)",
    "document_custody": NOT_HIDDEN.format(table="document_custody"),
}
OWN_NAME = """
CREATE POLICY in_own_name ON {table} AS RESTRICTIVE FOR INSERT
    WITH CHECK ({column} = cmis_user_id());
"""
SIGNED = {
    "documents": "created_by",
    "document_versions": "created_by",
    "document_custody": "done_by",
}
# An auditor's reading of a document is custody like everybody's.
READING = """
CREATE POLICY reading_leaves_a_trace ON document_custody FOR INSERT
    WITH CHECK (act = 'read'
        AND EXISTS (SELECT FROM documents d WHERE d.id = document_custody.document_id));
"""
GUARDS = """
CREATE FUNCTION cmis_check_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM documents
                   WHERE id = NEW.document_id AND case_id = NEW.case_id) THEN
        RAISE EXCEPTION 'a document of another case'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'document_of_case';
    END IF;
    IF EXISTS (SELECT FROM document_custody
               WHERE document_id = NEW.document_id AND act = 'withdrawn')
        AND (TG_TABLE_NAME = 'document_versions'
             OR to_jsonb(NEW) ->> 'act' IN ('sent', 'signed', 'withdrawn')) THEN
        RAISE EXCEPTION 'the document is withdrawn'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'document_withdrawn';
    END IF;
    IF TG_TABLE_NAME = 'document_versions' AND EXISTS (
        SELECT FROM document_custody WHERE document_id = NEW.document_id AND act = 'signed') THEN
        RAISE EXCEPTION 'the document is signed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'document_signed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_document BEFORE INSERT ON document_versions
    FOR EACH ROW EXECUTE FUNCTION cmis_check_document();
CREATE TRIGGER check_document BEFORE INSERT ON document_custody
    FOR EACH ROW EXECUTE FUNCTION cmis_check_document();

CREATE FUNCTION cmis_keep_acknowledged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_document text := CASE TG_TABLE_NAME
    WHEN 'documents' THEN to_jsonb(OLD) ->> 'id' ELSE to_jsonb(OLD) ->> 'document_id' END;
BEGIN
    IF EXISTS (SELECT FROM document_custody WHERE document_id = of_document
               AND act IN ('received', 'read', 'signed'))
        AND NOT EXISTS (SELECT FROM row_tombstones WHERE case_id = OLD.case_id
                        AND relation = TG_TABLE_NAME AND row_key = OLD.id) THEN
        RAISE EXCEPTION 'an acknowledged document leaves a tombstone'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'document_acknowledged';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER keep_acknowledged BEFORE DELETE ON documents
    FOR EACH ROW EXECUTE FUNCTION cmis_keep_acknowledged();
CREATE TRIGGER keep_acknowledged BEFORE DELETE ON document_versions
    FOR EACH ROW EXECUTE FUNCTION cmis_keep_acknowledged();
CREATE TRIGGER keep_acknowledged BEFORE DELETE ON document_custody
    FOR EACH ROW EXECUTE FUNCTION cmis_keep_acknowledged();
"""
SEALED = ("documents", "document_versions", "document_custody")


def upgrade() -> None:
    op.execute(TABLES)
    for table, more in TABLES_MORE.items():
        op.execute(OF_A_CASE.format(table=table, more=more))
    for table, column in SIGNED.items():
        op.execute(OWN_NAME.format(table=table, column=column))
    op.execute(READING)
    op.execute(GUARDS)
    for table in SEALED:
        op.execute(f"SELECT cmis_keep_sealed('{table}', 'id')")


def downgrade() -> None:
    op.execute(
        "DROP TABLE document_files, document_custody, document_keys, document_versions, documents;"
        "DROP FUNCTION cmis_check_document(); DROP FUNCTION cmis_keep_acknowledged();"
        "DELETE FROM sealed_relations WHERE relation LIKE 'document%'"
    )
