"""What is written about a case is committed to: row seals, chain heads, checkpoints over all cases.

Every row of a sealed table gets a salted hash as it is written; the next event of the case's chain
carries the hash over all of them, so no column of such a row can be changed unnoticed. The salt
lies beside the row: whoever erases a row by law destroys its salt, leaves a tombstone, and the
chain still holds. A later migration adds its own table with
``SELECT cmis_keep_sealed('its_table', 'its_key')``.
"""

from __future__ import annotations

from alembic import op

revision = "0014_seals"
down_revision = "0013_case_search"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE sealed_relations (
    relation text PRIMARY KEY,
    key_column text NOT NULL
);
CREATE TABLE row_seals (
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    relation text NOT NULL,
    row_key text NOT NULL,
    seq integer,
    columns text[] NOT NULL,
    salt bytea,
    sha256 text NOT NULL,
    PRIMARY KEY (case_id, relation, row_key)
);
CREATE INDEX row_seals_waiting ON row_seals (case_id) WHERE seq IS NULL;
CREATE INDEX row_seals_by_key ON row_seals (row_key);
CREATE TABLE row_tombstones (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES cases ON DELETE CASCADE,
    relation text NOT NULL,
    row_key text NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    buried_by text NOT NULL,
    buried_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (case_id, relation, row_key)
);
CREATE TABLE chain_heads (
    case_id text PRIMARY KEY REFERENCES cases ON DELETE CASCADE,
    seq integer NOT NULL,
    hash text NOT NULL
);
CREATE TABLE audit_checkpoints (
    number integer PRIMARY KEY,
    at timestamptz NOT NULL,
    cases integer NOT NULL,
    root text NOT NULL,
    prev_hash text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE checkpoint_leaves (
    number integer NOT NULL REFERENCES audit_checkpoints,
    case_id text NOT NULL,
    seq integer NOT NULL,
    hash text NOT NULL,
    PRIMARY KEY (number, case_id)
);
CREATE INDEX checkpoint_leaves_by_case ON checkpoint_leaves (case_id, seq);
REVOKE ALL ON sealed_relations, row_seals, chain_heads, audit_checkpoints, checkpoint_leaves
    FROM cmis_app;
GRANT SELECT ON sealed_relations, row_seals, chain_heads TO cmis_app;
"""
# They hold hashes only. The trigger and the few functions below act as the owner.
WHO_MAY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY of_a_visible_case ON {table} FOR SELECT TO cmis_app
    USING (EXISTS (SELECT FROM cases WHERE cases.id = {table}.case_id));
CREATE POLICY keeping ON {table} TO CURRENT_USER USING (true) WITH CHECK (true);
"""
TOMBSTONES = """
ALTER TABLE row_tombstones ENABLE ROW LEVEL SECURITY;
ALTER TABLE row_tombstones FORCE ROW LEVEL SECURITY;
CREATE POLICY of_a_visible_case ON row_tombstones
    USING (EXISTS (SELECT FROM cases WHERE cases.id = row_tombstones.case_id))
    WITH CHECK (cmis_role() <> 'auditor'
        AND EXISTS (SELECT FROM cases WHERE cases.id = row_tombstones.case_id));
CREATE POLICY in_own_name ON row_tombstones AS RESTRICTIVE FOR INSERT
    WITH CHECK (buried_by = cmis_user_id());
REVOKE UPDATE, DELETE ON row_tombstones FROM cmis_app;
"""
# A row's text is the same in every session, and the same after a later migration added a column.
SEALING = """
CREATE FUNCTION cmis_row_text(content jsonb, columns text[]) RETURNS text
LANGUAGE sql IMMUTABLE AS
$$ SELECT jsonb_object_agg(name, content -> name)::text FROM unnest(columns) AS name $$;

CREATE FUNCTION cmis_seal_row() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    content jsonb := to_jsonb(NEW);
    salt bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
    kept text[];
BEGIN
    SELECT array_agg(name ORDER BY name) INTO kept FROM jsonb_object_keys(content) AS name
    WHERE TG_NARGS < 2 OR name <> ALL (string_to_array(TG_ARGV[1], ','));
    INSERT INTO row_seals (case_id, relation, row_key, columns, salt, sha256)
    VALUES (NEW.case_id, TG_TABLE_NAME, content ->> TG_ARGV[0], kept, salt,
        encode(sha256(salt || convert_to(cmis_row_text(content, kept), 'UTF8')), 'hex'));
    RETURN NULL;
END $$;

CREATE FUNCTION cmis_keep_sealed(wanted text, key_name text, excluded text DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SET timezone = 'UTC' AS $$
BEGIN
    INSERT INTO sealed_relations VALUES (wanted, key_name);
    EXECUTE format('CREATE TRIGGER seal_row AFTER INSERT ON %I FOR EACH ROW
        EXECUTE FUNCTION cmis_seal_row(%L, %L)', wanted, key_name, coalesce(excluded, ''));
    EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', wanted);
    EXECUTE format($q$
        INSERT INTO row_seals (case_id, relation, row_key, seq, columns, salt, sha256)
        SELECT case_id, %L, %I::text, 0, kept.columns, salted.salt,
            encode(sha256(salted.salt || convert_to(cmis_row_text(to_jsonb(t), kept.columns),
                'UTF8')), 'hex')
        FROM %I t,
        LATERAL (SELECT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
                 WHERE t.case_id IS NOT NULL) AS salted (salt),
        LATERAL (SELECT array_agg(name ORDER BY name) FROM jsonb_object_keys(to_jsonb(t)) AS name
                 WHERE name <> ALL (string_to_array(%L, ','))) AS kept (columns)
        $q$, wanted, key_name, wanted, coalesce(excluded, ''));
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', wanted);
END $$;

CREATE FUNCTION cmis_take_seals(wanted text, number integer)
RETURNS TABLE (relation text, row_key text, sha256 text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$ UPDATE row_seals s SET seq = number WHERE s.case_id = wanted AND s.seq IS NULL
   RETURNING s.relation, s.row_key, s.sha256 $$;

CREATE FUNCTION cmis_sealed_rows(wanted text)
RETURNS TABLE (relation text, row_key text, seq integer, salt bytea, sha256 text, content text)
LANGUAGE plpgsql STABLE SET timezone = 'UTC' AS $$
DECLARE kind sealed_relations%ROWTYPE;
BEGIN
    FOR kind IN SELECT * FROM sealed_relations r ORDER BY r.relation LOOP
        RETURN QUERY EXECUTE format($q$
            SELECT %L, coalesce(s.row_key, t.%I::text), s.seq, s.salt, s.sha256,
                CASE WHEN t.case_id IS NOT NULL AND s.columns IS NOT NULL
                    THEN cmis_row_text(to_jsonb(t), s.columns) END
            FROM (SELECT * FROM row_seals WHERE case_id = $1 AND relation = %L) s
            FULL JOIN (SELECT * FROM %I WHERE case_id = $1) t ON t.%I::text = s.row_key
            ORDER BY 2 $q$,
            kind.relation, kind.key_column, kind.relation, kind.relation, kind.key_column)
        USING wanted;
    END LOOP;
END $$;

CREATE FUNCTION cmis_bury(wanted text, of_relation text, key text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE row_seals SET salt = NULL
    WHERE case_id = wanted AND relation = of_relation AND row_key = key;
END $$;
"""
CHAIN = """
CREATE FUNCTION cmis_extend_chain() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE head chain_heads%ROWTYPE;
BEGIN
    SELECT * INTO head FROM chain_heads WHERE case_id = NEW.case_id;
    IF NEW.seq <> coalesce(head.seq, 0) + 1
        OR NEW.prev_hash <> coalesce(head.hash, repeat('0', 64)) THEN
        RAISE EXCEPTION 'the event does not continue the chain'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'event_continues_chain';
    END IF;
    INSERT INTO chain_heads (case_id, seq, hash) VALUES (NEW.case_id, NEW.seq, NEW.hash)
    ON CONFLICT (case_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION cmis_chain_head(wanted text) RETURNS TABLE (seq integer, hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$ SELECT h.seq, h.hash FROM chain_heads h WHERE h.case_id = wanted $$;

CREATE FUNCTION cmis_case_behind(key text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$ SELECT case_id FROM chain_heads WHERE case_id = key
   UNION ALL SELECT case_id FROM row_seals WHERE row_key = key LIMIT 1 $$;

ALTER TABLE audit_events NO FORCE ROW LEVEL SECURITY;
INSERT INTO chain_heads (case_id, seq, hash)
SELECT DISTINCT ON (case_id) case_id, seq, hash FROM audit_events ORDER BY case_id, seq DESC;
ALTER TABLE audit_events FORCE ROW LEVEL SECURITY;

ALTER TABLE audit_events DROP COLUMN id;
ALTER TABLE audit_events DROP CONSTRAINT audit_events_case_id_seq_key;
ALTER TABLE audit_events ADD PRIMARY KEY (case_id, seq);
CREATE TRIGGER extend_chain BEFORE INSERT ON audit_events
    FOR EACH ROW EXECUTE FUNCTION cmis_extend_chain();
CREATE POLICY refusal_leaves_a_trace ON audit_events FOR INSERT
    WITH CHECK (action = 'access_refused');
"""
SEALED = (
    ("narratives", "id", "embedding"),
    ("codings", "id", None),
    ("code_decisions", "id", None),
    ("flag_decisions", "id", None),
    ("plan_versions", "id", None),
    ("item_decisions", "id", None),
    ("approvals", "version_id", None),
    ("entries", "id", None),
    ("conference_posts", "id", None),
    ("row_tombstones", "id", None),
)
OF_THE_OWNER = (
    "cmis_take_seals(text, integer)",
    "cmis_case_behind(text)",
)
CLOSED = """
REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {function} TO cmis_app;
"""
HEAD_BEFORE = """
CREATE OR REPLACE FUNCTION cmis_chain_head(wanted text) RETURNS TABLE (seq integer, hash text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET cmis.within = 'on' AS
$$ SELECT e.seq, e.hash FROM audit_events e WHERE e.case_id = wanted ORDER BY e.seq DESC LIMIT 1 $$
"""
OWN = (
    *OF_THE_OWNER,
    "cmis_extend_chain()",
    "cmis_bury(text, text, text)",
    "cmis_sealed_rows(text)",
    "cmis_keep_sealed(text, text, text)",
    "cmis_seal_row()",
    "cmis_row_text(jsonb, text[])",
)


def upgrade() -> None:
    for part in (TABLES, TOMBSTONES, SEALING, CHAIN):
        op.execute(part)
    for table in ("row_seals", "chain_heads", "checkpoint_leaves"):
        op.execute(WHO_MAY.format(table=table))
    for table, key, excluded in SEALED:
        without = f"'{excluded}'" if excluded else "NULL"
        op.execute(f"SELECT cmis_keep_sealed('{table}', '{key}', {without})")
    for function in OF_THE_OWNER:
        op.execute(CLOSED.format(function=function))
    op.execute(
        "REVOKE EXECUTE ON FUNCTION cmis_seal_row(), cmis_extend_chain() FROM PUBLIC, cmis_app;"
        "REVOKE EXECUTE ON FUNCTION cmis_bury(text, text, text),"
        " cmis_keep_sealed(text, text, text) FROM PUBLIC, cmis_app"
    )


def downgrade() -> None:
    for table, _, _ in SEALED:
        op.execute(f"DROP TRIGGER seal_row ON {table}")
    op.execute(
        "DROP POLICY refusal_leaves_a_trace ON audit_events;"
        "DROP TRIGGER extend_chain ON audit_events;"
        "ALTER TABLE audit_events DROP CONSTRAINT audit_events_pkey;"
        "ALTER TABLE audit_events ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;"
        "ALTER TABLE audit_events"
        " ADD CONSTRAINT audit_events_case_id_seq_key UNIQUE (case_id, seq)"
    )
    op.execute(HEAD_BEFORE)
    for function in OWN:
        op.execute(f"DROP FUNCTION {function}")
    op.execute(
        "DROP TABLE checkpoint_leaves, audit_checkpoints, chain_heads, row_tombstones, row_seals,"
        " sealed_relations"
    )
