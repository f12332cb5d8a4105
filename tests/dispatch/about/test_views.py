"""The page that anybody may read."""

import pytest

from dispatch import i18n, retention
from dispatch.about.queries import Longest
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
