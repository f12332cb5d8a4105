"""The table of what is kept: whole, and readable."""

from datetime import date, timedelta

import pytest

from dispatch import i18n, retention
from dispatch.people.models import Group
from dispatch.retention import TERMS

GROUP = Group(ride_days=30, family_days=90, message_days=14)


def test_a_table_that_nobody_decided_on_is_said_so():
    with pytest.raises(LookupError, match="diary"):
        retention.term_of("diary")


def test_a_group_sets_its_own_periods():
    assert retention.term_of("ride").days(Group(ride_days=7)) == 7
    assert {term.period for term in TERMS if term.is_set_by_group} == {
        "ride_days",
        "family_days",
        "message_days",
    }


def test_what_nobody_sets_is_the_same_for_every_group():
    assert retention.named("log").days(GROUP) == 365
    assert retention.named("counts").days(GROUP) is None
    assert not retention.named("log").is_set_by_group


def test_the_table_is_said_in_the_language_of_the_page():
    with i18n.speaking("es"):
        spanish = retention.table(GROUP)
    assert spanish[0].kept == "90 días"
    assert all(
        here.thing != there.thing
        for here, there in zip(retention.table(GROUP), spanish, strict=True)
    )


def test_the_table_ends_with_the_backups():
    *_lines, keys, data = retention.table(GROUP)
    assert (keys.kept, data.kept) == ("7 days", "90 days")


@pytest.mark.parametrize(
    ("days", "said"), [(None, "until it is removed"), (0, "ends at once"), (1, "1 day")]
)
def test_a_period_is_said_in_words(days: int | None, said: str):
    assert retention.say_period(days) == said


@pytest.mark.parametrize(
    ("asked_for", "erased"),
    [
        (None, date(2027, 4, 2)),
        (date(2026, 12, 1), date(2027, 4, 2)),
        (date(2027, 2, 1), date(2027, 5, 3)),
    ],
)
def test_a_family_is_erased_so_many_days_after_the_last_day_it_asked_for(
    asked_for: date | None, erased: date
):
    assert retention.family_erased_on(date(2027, 1, 1), asked_for, 90) == erased


def test_a_line_has_a_span_where_it_is_the_same_for_all_groups():
    assert retention.span_of("log") == timedelta(days=365)
    for name in ("rides", "settings"):
        with pytest.raises(LookupError):
            retention.span_of(name)
