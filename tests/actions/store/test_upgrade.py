import logging
import os
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from actions.store.database import open_database
from actions.store.models import Base
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
