"""The application's role, what it may do with later tables, and the job queue.

Row policies read who is asking through ``cmis_user_id()``, ``cmis_agency_id()`` and
``cmis_role()``: null when nobody is set (a setting once used reads as '' later on).
"""

from __future__ import annotations

from alembic import op

from runtime.queue_schema import apply_queue
from runtime.server_checks import require_server

revision = "0001_roles"
down_revision = None
branch_labels = None
depends_on = None

# Roles belong to the whole server, so two databases migrated at once may both try.
ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cmis_app') THEN
        CREATE ROLE cmis_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
GRANTS = """
GRANT USAGE ON SCHEMA public TO cmis_app;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO cmis_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO cmis_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO cmis_app;
GRANT SELECT ON alembic_version TO cmis_app;
"""
WHO = """
CREATE FUNCTION cmis_{name}() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('cmis.{name}', true), '') $$
"""
SETTINGS = ("user_id", "agency_id", "role")


def upgrade() -> None:
    require_server(op.get_bind())
    op.execute(ROLE)
    op.execute(GRANTS)
    for name in SETTINGS:
        op.execute(WHO.format(name=name))
    apply_queue(op.get_bind())


def downgrade() -> None:
    """Everything but the role, which other databases of the server may use."""
    op.execute(
        """
        DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,
            procrastinate_workers CASCADE;
        DO $$ DECLARE f regprocedure; BEGIN
            FOR f IN SELECT oid FROM pg_proc WHERE proname LIKE 'procrastinate\\_%' LOOP
                EXECUTE 'DROP FUNCTION ' || f || ' CASCADE';
            END LOOP;
        END $$;
        DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type,
            procrastinate_job_status;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM cmis_app;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM cmis_app;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON FUNCTIONS FROM cmis_app;
        REVOKE ALL ON ALL TABLES IN SCHEMA public FROM cmis_app;
        REVOKE USAGE ON SCHEMA public FROM cmis_app;
        """
    )
    for name in SETTINGS:
        op.execute(f"DROP FUNCTION cmis_{name}()")
