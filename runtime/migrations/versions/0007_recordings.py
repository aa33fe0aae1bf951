"""Recordings of stories told aloud, what was heard in them, and what people made of it.

A recording belongs to an agency from the moment it is kept, and to a case once one is opened from
it; from then on whoever may see the case may hear it. Nothing heard or written is ever changed.
"""

from __future__ import annotations

from alembic import op

revision = "0007_recordings"
down_revision = "0006_case_names"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE recordings (
    id text PRIMARY KEY,
    agency_id text NOT NULL REFERENCES agencies,
    case_id text REFERENCES cases ON DELETE CASCADE,
    sha256 text NOT NULL,
    salt bytea NOT NULL,
    size_bytes bigint NOT NULL,
    seconds real,
    decoder text NOT NULL,
    media_type text NOT NULL,
    file_name text NOT NULL,
    created_by text NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (agency_id, sha256)
);
CREATE INDEX recordings_by_case ON recordings (case_id);
CREATE TABLE transcriptions (
    id text PRIMARY KEY,
    recording_id text NOT NULL REFERENCES recordings ON DELETE CASCADE,
    model text NOT NULL,
    status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'done', 'failed')),
    percent real NOT NULL DEFAULT 0,
    heard_until real NOT NULL DEFAULT 0,
    seconds real,
    error_code text,
    job_id bigint,
    requested_by text NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (recording_id, model)
);
CREATE TABLE heard_segments (
    transcription_id text NOT NULL REFERENCES transcriptions ON DELETE CASCADE,
    ordinal integer NOT NULL,
    content jsonb NOT NULL,
    PRIMARY KEY (transcription_id, ordinal)
);
CREATE TABLE transcript_texts (
    transcription_id text NOT NULL REFERENCES transcriptions ON DELETE CASCADE,
    revision integer NOT NULL,
    text text NOT NULL,
    unconfirmed jsonb NOT NULL,
    written_by text NOT NULL REFERENCES users,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (transcription_id, revision)
);
"""
ROLES = (
    "'social_worker_province', 'social_worker_shelter', 'prosecutor_youth_family', "
    "'coordination_centre_subdistrict', 'supervisor'"
)
WHO_MAY = """
ALTER TABLE recordings ENABLE ROW LEVEL SECURITY;
ALTER TABLE recordings FORCE ROW LEVEL SECURITY;
CREATE POLICY of_own_agency ON recordings FOR SELECT
    USING (agency_id = cmis_agency_id() AND (cmis_role() IN (__ROLES__) OR case_id IS NOT NULL)
        AND (case_id IS NULL OR EXISTS (SELECT FROM cases WHERE cases.id = case_id)));
CREATE POLICY in_own_name ON recordings FOR INSERT
    WITH CHECK (agency_id = cmis_agency_id() AND created_by = cmis_user_id()
        AND cmis_role() IN (__ROLES__) AND case_id IS NULL);
CREATE POLICY into_a_case_once ON recordings FOR UPDATE
    USING (case_id IS NULL AND agency_id = cmis_agency_id() AND cmis_role() IN (__ROLES__))
    WITH CHECK (EXISTS (SELECT FROM cases WHERE cases.id = case_id));
REVOKE UPDATE, DELETE ON recordings FROM cmis_app;
GRANT UPDATE (case_id) ON recordings TO cmis_app;
""".replace("__ROLES__", ROLES)
CHILD = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY of_a_visible_recording ON {table}
    USING (EXISTS (SELECT FROM {parent} p WHERE p.id = {table}.{column}))
    WITH CHECK (cmis_role() <> 'auditor'
        AND EXISTS (SELECT FROM {parent} p WHERE p.id = {table}.{column}));
REVOKE UPDATE, DELETE ON {table} FROM cmis_app;
"""
CHILDREN = {
    "transcriptions": ("recordings", "recording_id"),
    "heard_segments": ("transcriptions", "transcription_id"),
    "transcript_texts": ("transcriptions", "transcription_id"),
}
OWN_NAME = """
CREATE POLICY in_own_name ON {table} AS RESTRICTIVE FOR INSERT
    WITH CHECK ({column} = cmis_user_id());
"""
PROGRESS = """
GRANT UPDATE (status, percent, heard_until, seconds, error_code, job_id, updated_at)
    ON transcriptions TO cmis_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(WHO_MAY)
    for table, (parent, column) in CHILDREN.items():
        op.execute(CHILD.format(table=table, parent=parent, column=column))
    op.execute(OWN_NAME.format(table="transcriptions", column="requested_by"))
    op.execute(OWN_NAME.format(table="transcript_texts", column="written_by"))
    op.execute(PROGRESS)


def downgrade() -> None:
    op.execute("DROP TABLE transcript_texts, heard_segments, transcriptions, recordings")
