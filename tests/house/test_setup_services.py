"""The real servers answer, and tests do not meet each other in them."""

from collections.abc import Iterator

import psycopg
import pytest
import redis

from tests.services.postgres import Copies, Postgres


@pytest.mark.parametrize("again", [1, 2])
def test_each_test_has_an_empty_postgresql_database(postgres_url: str, again: int):
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE ride (id int)")


def test_a_database_can_be_copied_from_another(postgres: Postgres, postgres_url: str):
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE ride AS SELECT 7 AS id")
    copy = postgres.create(like=postgres_url)
    with psycopg.connect(copy) as connection:
        assert connection.execute("SELECT id FROM ride").fetchall() == [(7,)]
    postgres.drop(copy)


@pytest.fixture
def copies(postgres: Postgres, postgres_url: str) -> Iterator[Copies]:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE alembic_version AS SELECT '1' AS version_num")
        connection.execute("CREATE TABLE ride (id serial, name text NOT NULL)")
    copies = Copies(postgres, postgres_url)
    yield copies
    copies.drop()


def test_a_copy_is_emptied_and_counts_anew(copies: Copies):
    used = []
    for _again in range(2):
        with copies.lent() as url, psycopg.connect(url) as connection:
            used.append(url)
            assert connection.execute(
                "INSERT INTO ride (name) VALUES ('a') RETURNING *"
            ).fetchall() == [(1, "a")]
    assert used[0] == used[1]


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE stop (id int)",
        "ALTER TABLE ride ALTER name DROP NOT NULL",
        "ALTER TABLE ride ADD CHECK (id > 0)",
        "CREATE INDEX ON ride (name)",
        "UPDATE alembic_version SET version_num = '2'",
        "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_a_copy_whose_schema_was_changed_is_not_lent_again(copies: Copies, change: str):
    with copies.lent() as first, psycopg.connect(first) as connection:
        connection.execute(change)
    with copies.lent() as second:
        assert second != first


def test_a_copy_that_somebody_still_holds_is_not_lent_again(copies: Copies):
    with copies.lent() as first:
        held = psycopg.connect(first)
    with copies.lent() as second:
        assert second != first
    with pytest.raises(psycopg.OperationalError):
        held.execute("SELECT 1")
    held.close()


@pytest.mark.parametrize("again", [1, 2])
def test_each_test_has_an_empty_redis_database(redis_url: str, again: int):
    with redis.Redis.from_url(redis_url) as server:
        assert server.dbsize() == 0
        server.set("ride", "7")


def test_the_browser_shows_a_page(browser):
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content("<title>Rides</title>")
        assert page.title() == "Rides"
