"""The real servers answer, and tests do not meet each other in them."""

import psycopg
import pytest
import redis

from tests.services.postgres import Postgres


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
