"""The page that anybody may read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch import i18n, retention, sms_gateway
from dispatch.about.queries import Longest
from dispatch.app import create_app
from tests.build import a_group

PERIODS = Longest(
    ride_days=30, family_days=90, message_days=14, before_minutes=90, after_minutes=60
)


@pytest.mark.parametrize("language", i18n.languages())
def test_anybody_reads_every_line_of_the_table_in_each_language(app, database, language):
    with database.transaction() as session:
        a_group(session, grant_before_minutes=90)
    answer = app.test_client().get("/about/privacy", headers={"Accept-Language": language})
    assert answer.status_code == 200
    with i18n.speaking(language):
        lines = retention.table(PERIODS)
    for line in lines:
        assert line.thing.split("'")[0] in answer.text
        assert line.kept in answer.text
    assert "90 min" in answer.text


def test_it_says_what_it_cannot_prevent(app):
    text = app.test_client().get("/about/privacy").text
    assert "Whoever rules our computer while it runs" in text
    assert "People remember" in text


def test_who_carries_text_messages_is_named_where_there_are_any(app):
    told = "the company that carries them sees your number and a time"
    assert told not in app.test_client().get("/about/privacy").text
    sms = sms_gateway.named("http://127.0.0.1:9710/send", "", "", None)
    app.config["DISPATCH"] = replace(app.config["DISPATCH"], sms=sms)
    assert told in app.test_client().get("/about/privacy").text


def test_search_engines_are_asked_to_look_at_nothing(app):
    answer = app.test_client().get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert answer.text.splitlines() == ["User-agent: *", "Disallow: /"]


def test_who_found_a_hole_reads_whom_to_write_to(settings, database, moment):
    told = replace(settings, security_contact="mailto:safety@example.org")
    answer = create_app(told, database=database).test_client().get("/.well-known/security.txt")
    assert answer.mimetype == "text/plain"
    assert answer.text.splitlines() == [
        "Contact: mailto:safety@example.org",
        f"Expires: {moment.at + timedelta(days=180):%Y-%m-%d}T00:00:00Z",
        "Preferred-Languages: en, es",
    ]


def test_without_a_contact_there_is_no_such_file(app):
    assert app.test_client().get("/.well-known/security.txt").status_code == 404
