import logging
import os
import subprocess
import sys

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from actions.store.database import open_database
from actions.store.models import Base
from actions.store.upgrade import MIGRATIONS
from textkit.settings import ROOT

POSTGRES = os.environ.get("FRONTDESK_TEST_POSTGRES_URL", "")
TABLES = sorted(Base.metadata.tables)


def differences(engine):
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)


def checks(engine):
    # alembic's comparison does not look at CHECK constraints
    inspector = inspect(engine)
    return {
        table: {check["name"]: check["sqltext"] for check in inspector.get_check_constraints(table)} for table in TABLES
    }


def assert_schema_is_that_of_the_models(migrated, made):
    assert differences(migrated) == []
    assert checks(migrated) == checks(made)
    assert sum(map(len, checks(migrated).values())) > 20


def test_the_migrated_schema_is_that_of_the_models(database, tmp_path):
    made = create_engine(f"sqlite:///{tmp_path}/made.db")
    Base.metadata.create_all(made)
    assert_schema_is_that_of_the_models(database.engine, made)
    made.dispose()


@pytest.mark.skipif(not POSTGRES, reason="FRONTDESK_TEST_POSTGRES_URL is not set")
def test_the_migrated_schema_is_that_of_the_models_on_postgres():
    database = open_database(POSTGRES)
    with database.engine.begin() as connection:
        for schema in ("made", "public"):
            connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    made = create_engine(database.engine.url, connect_args={"options": "-c search_path=made"})
    Base.metadata.create_all(made)
    database.upgrade()
    assert_schema_is_that_of_the_models(database.engine, made)
    made.dispose()
    database.close()


def test_upgrading_twice_changes_nothing(database):
    database.upgrade()
    assert sorted(inspect(database.engine).get_table_names()) == ["alembic_version", *TABLES]


def test_upgrading_leaves_logging_alone(tmp_path):
    before = (logging.root.level, list(logging.root.handlers), logging.getLogger("alembic").level)
    database = open_database(f"sqlite:///{tmp_path}/shop.db")
    database.upgrade()
    database.close()
    assert (logging.root.level, list(logging.root.handlers), logging.getLogger("alembic").level) == before


def test_several_processes_may_upgrade_at_once(tmp_path):
    url = f"sqlite:///{tmp_path}/shop.db"
    code = f"from actions.store.database import open_database as o; d = o({url!r}); d.upgrade(); d.close()"
    started = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate()[1] for process in started] == [b""] * 4
    assert {process.returncode for process in started} == {0}


def test_of_several_open_tickets_of_a_conversation_the_last_stays_open(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/shop.db")
    database.upgrade()
    row = (
        "INSERT INTO tickets (reference, conversation_id, reason, language, status, transcript, created_at, updated_at)"
        " VALUES ('{}', '{}', 'customer_request', 'en', '{}', '[]', '2026-01-01', '2026-01-02')"
    )
    downgrade(database, "0004-1")
    with database.engine.begin() as connection:
        for values in (("T-1", "a", "open"), ("T-2", "a", "closed"), ("T-3", "a", "open"), ("T-4", "b", "open")):
            connection.execute(text(row.format(*values)))
    database.upgrade()
    with database.engine.connect() as connection:
        found = connection.execute(text("SELECT reference, status, closed_at FROM tickets ORDER BY id")).all()
    assert [tuple(row) for row in found] == [
        ("T-1", "closed", "2026-01-02"),
        ("T-2", "closed", None),
        ("T-3", "open", None),
        ("T-4", "open", None),
    ]
    database.close()


def downgrade(database, revision):
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
