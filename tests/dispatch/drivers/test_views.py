"""The pages of drivers."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from dispatch.drivers.models import Driver
from dispatch.people.models import Group, Membership, Role, User
from dispatch.places.importing import import_file
from tests.build import a_coordinator, a_driver, a_group, a_user
from tests.dispatch.places.gazetteer.town import SOUTH, WEST, grand_bend

TODAY = date(2027, 3, 8)
SOON = TODAY + timedelta(days=3)
"""A Thursday."""
NEW = {
    "number": "D07",
    "name": "Yusuf",
    "email": "yusuf@example.org",
    "language": "en",
    "languages": ["en", "ar"],
    "car": "red Fiat",
    "seats": "3",
    "start": "own",
    "start-line": "5717 Quaymont St",
    "start-lat": "49.2751",
    "start-lon": "-123.1003",
    "end": "same",
}


@pytest.fixture
def world(database, client_of):
    """A group with a coordinator's and a driver's browser, and another group's driver."""
    with database.transaction() as session:
        group = a_group(session)
        rosa, driver = a_coordinator(session, group), a_driver(session, group)
        colleague, foreign = a_driver(session, group), a_driver(session, a_group(session))
        waiting = a_user(session, name="Amina")
        session.add(Membership(user=waiting, group=group, role=Role.DRIVER))
        uids = {
            "marta": driver.uid,
            "colleague": colleague.uid,
            "foreign": foreign.uid,
            "waiting": waiting.uid,
        }
        people = session.get_one(User, rosa.user_id), driver.user
    return {
        "rosa": client_of(people[0]),
        "driver": client_of(people[1]),
        **uids,
    }


@pytest.fixture
def marta(world, database):
    """The driver's row as it is stored now, with its times."""

    def look():
        with database.transaction(reads_only=True) as session:
            found = session.scalars(select(Driver).where(Driver.uid == world["marta"])).one()
            _ = found.weekly, found.dated, found.days_off, found.credentials
            return found

    return look


def test_a_driver_is_invited_and_entered_in_one_step(world):
    answer = world["rosa"].post("/drivers/new", data=NEW)
    assert answer.status_code == 200
    assert "/invite/" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    listed = world["rosa"].get("/drivers").text
    assert "Yusuf" in listed
    assert "Quaymont" not in listed + world["rosa"].get("/drivers/new").text


def test_a_form_sent_twice_invites_once(world, database):
    world["rosa"].post("/drivers/new", data=NEW)
    assert world["rosa"].post("/drivers/new", data=NEW).status_code == 422
    with database.transaction(reads_only=True) as session:
        assert len(session.scalars(select(Driver).where(Driver.number == "D07")).all()) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Write the name"),
        ({"email": "yusuf"}, "not a whole e-mail address"),
        ({"number": ""}, "Write the driver&#39;s number."),
        ({"seats": "21"}, "Write a whole number from 1 to 20."),
        ({"seats": "1", "booster": "2"}, "more child seats than seats"),
        ({"languages": []}, "Choose at least one language."),
        ({"max_drive_minutes": "5"}, "Write a whole number from 10 to 1440."),
        ({"start": ""}, "Choose where the driver starts."),
        ({"start-line": ""}, "Write the number and the street."),
        ({"start-lat": "-123.1003", "start-lon": "49.2751"}, "look swapped"),
        ({"end": "public"}, "Choose a place."),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_invited(world, database, wrong, sentence):
    answer = world["rosa"].post("/drivers/new", data={**NEW, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="red Fiat"' in answer.text
    with database.transaction(reads_only=True) as session:
        assert session.scalars(select(Driver).where(Driver.number == "D07")).all() == []
    assert "Yusuf" not in world["rosa"].get("/drivers").text


HERE = (49.26, -123.12)
"""Where the group drives."""


@pytest.fixture
def mapped(settings, tmp_path):
    """The tiny town, near the places of the group, imported into the installation."""
    extract = grand_bend((HERE[0] - SOUTH, HERE[1] - WEST)).write(tmp_path / "town.osm.pbf")
    import_file(extract, settings.data_dir, lambda _step, _share: None, products={})


def own(which, lat, lon):
    pin = {f"{which}-lat": f"{lat:.6f}", f"{which}-lon": f"{lon:.6f}"}
    return {which: "own", f"{which}-line": "5 Elm St", **pin}


@pytest.mark.parametrize(
    ("lat", "lon", "sentence"),
    [
        (HERE[0] + 0.021, HERE[1] + 0.001, "lies in water"),
        (HERE[0] + 1, HERE[1], "outside of the map"),
    ],
)
@pytest.mark.parametrize("which", ["start", "end"])
def test_an_own_address_where_nobody_lives_has_to_be_confirmed(
    world, mapped, which, lat, lon, sentence
):
    typed = {**NEW, **own("start", *HERE), **own(which, lat, lon)}
    answer = world["rosa"].post("/drivers/new", data=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'name="{which}-far_is_meant"' in answer.text
    assert "Yusuf" not in world["rosa"].get("/drivers").text
    meant = {**typed, f"{which}-far_is_meant": "1"}
    assert world["rosa"].post("/drivers/new", data=meant).status_code == 200


def test_swapped_coordinates_of_an_own_address_are_said(world, mapped):
    typed = {**NEW, **own("start", HERE[1], HERE[0]), "start-far_is_meant": "1"}
    answer = world["rosa"].post("/drivers/new", data=typed)
    assert answer.status_code == 422
    assert "look swapped" in answer.text


def test_who_was_invited_elsewhere_only_needs_a_car(world):
    assert "Amina" in world["rosa"].get("/drivers").text
    data = {**NEW, "user": str(world["waiting"]), "name": "", "email": ""}
    answer = world["rosa"].post("/drivers/new", data=data)
    assert answer.status_code == 303
    assert "Amina" in world["rosa"].get(answer.location).text
    assert world["rosa"].get(f"/drivers/new?user={world['foreign']}").status_code == 404


def test_a_coordinator_records_papers_and_sees_what_expired(world, marta):
    page = f"/drivers/{world['marta']}"
    for kind, day in (("insurance", TODAY - timedelta(days=1)), ("licence", SOON)):
        data = {"kind": kind, "expires_on": day.isoformat()}
        assert world["rosa"].post(f"{page}/papers", data=data).status_code == 303
    text = world["rosa"].get(page).text
    assert "Insurance: expired" in text
    assert "Driver&#39;s licence: until 11 Mar 2027" in text
    assert world["rosa"].post(f"{page}/papers", data={"drop": "insurance"}).status_code == 303
    assert [one.kind.value for one in marta().credentials] == ["licence"]
    for wrong in ({"kind": "licence"}, {"kind": "x", "expires_on": "2027-01-01"}):
        assert world["rosa"].post(f"{page}/papers", data=wrong).status_code == 422


def test_a_driver_changes_the_own_car_and_limits_but_no_number(world, marta):
    page = f"/drivers/{world['marta']}"
    form = world["driver"].get(f"{page}/edit").text
    assert 'name="number"' not in form
    assert "start-line" not in form
    number, start = marta().number, marta().start_place_id
    data = {**NEW, "number": "D99", "version": marta().version, "state": "paused"}
    assert world["driver"].post(f"{page}/edit", data=data).status_code == 303
    after = marta()
    assert (after.car, after.state.value) == ("red Fiat", "paused")
    assert (after.number, after.start_place_id) == (number, start)


def test_a_stale_form_is_told_and_overwrites_nothing(world, marta):
    page = f"/drivers/{world['marta']}/edit"
    data = {**NEW, "start": "keep", "end": "keep", "state": "active", "version": marta().version}
    assert world["rosa"].post(page, data=data).status_code == 303
    assert world["rosa"].post(page, data={**data, "car": "green van"}).status_code == 409
    assert marta().car == "red Fiat"


def test_miles_are_shown_and_kept_as_kilometres(world, database, marta):
    with database.transaction() as session:
        driver = session.scalars(select(Driver).where(Driver.uid == world["marta"])).one()
        session.get_one(Group, driver.group_id).uses_miles = True
    page = f"/drivers/{world['marta']}"
    data = {**NEW, "version": marta().version, "state": "active", "max_distance": "10"}
    world["driver"].post(f"{page}/edit", data=data)
    assert marta().max_distance_km == 16
    assert "10 miles" in world["driver"].get(page).text


def send(client, marta, what, base="/availability", **fields):
    return client.post(f"{base}/{what}", data={"version": marta().version, **fields})


def hours(rows):
    return sorted((one.starts_minute, one.ends_minute) for one in rows)


def test_a_driver_sets_one_day_on_the_own_phone(world, marta):
    page = world["driver"].get(f"/availability?day={SOON}").text
    assert "Thursday 11 March" in page
    assert 'value="07:00"' in page
    fields = {"day": SOON.isoformat(), "repeat": "only", "from-0": "08:30", "to-0": "12:00"}
    answer = send(world["driver"], marta, "day", **fields)
    assert answer.status_code == 303
    assert hours(marta().dated) == [(510, 720)]
    page = world["driver"].get(f"/availability?day={SOON}").text
    assert re.search(r"11 March, morning</span>", page)
    send(world["driver"], marta, "day", day=SOON.isoformat(), repeat="week")
    assert marta().dated == []


def test_every_such_weekday_can_be_set_from_one_day(world, marta):
    fields = {"day": SOON.isoformat(), "repeat": "every", "from-0": "18:00", "to-0": "00:00"}
    assert send(world["driver"], marta, "day", **fields).status_code == 303
    assert hours(one for one in marta().weekly if one.weekday == 3) == [(1080, 1440)]
    assert len(marta().weekly) == 7


def test_the_hours_of_a_weekday_are_copied_to_others(world, marta):
    fields = {"day": SOON.isoformat(), "repeat": "every", "from-0": "18:00", "to-0": "00:00"}
    assert send(world["driver"], marta, "day", also=["5", "6"], **fields).status_code == 303
    for weekday, expected in ((3, [(1080, 1440)]), (5, [(1080, 1440)]), (6, [(1080, 1440)])):
        assert hours(one for one in marta().weekly if one.weekday == weekday) == expected
    assert len(marta().weekly) == 7


def test_a_driver_is_away_for_what_is_left_of_this_week_or_for_the_next(world, marta):
    page = world["driver"].get("/availability").text
    this, following = re.findall(r'name="week" value="([0-9-]+)"', page)
    for week in (following, this):
        assert send(world["driver"], marta, "away", week=week).status_code == 303
    assert sorted((one.first_on, one.last_on) for one in marta().days_off) == [
        (date.fromisoformat(this), date(2027, 3, 14)),
        (date(2027, 3, 15), date(2027, 3, 21)),
    ]
    assert send(world["driver"], marta, "away", week="2027-03-01").status_code == 422


def test_all_hours_of_the_week_are_cleared_at_once(world, marta):
    assert marta().weekly != []
    assert send(world["driver"], marta, "week", clear="1").status_code == 303
    assert marta().weekly == []


def test_a_day_is_taken_off_and_given_back(world, marta):
    send(world["driver"], marta, "day", day=SOON.isoformat(), repeat="off")
    assert [(one.first_on, one.last_on) for one in marta().days_off] == [(SOON, SOON)]
    assert "11 March, away" in world["driver"].get("/availability").text
    fields = {"day": SOON.isoformat(), "repeat": "only", "from-0": "08:30", "to-0": "12:00"}
    send(world["driver"], marta, "day", **fields)
    assert marta().days_off == []
    assert hours(marta().dated) == [(510, 720)]


def test_days_off_come_and_go(world, marta):
    fields = {"first_on": "2027-03-20", "last_on": "2027-03-24"}
    assert send(world["driver"], marta, "away", **fields).status_code == 303
    assert len(marta().days_off) == 1
    assert send(world["driver"], marta, "away", **fields).status_code == 422
    assert send(world["driver"], marta, "back", day="2027-03-20").status_code == 303
    assert marta().days_off == []


def test_the_week_is_set_as_a_whole(world, marta):
    fields = {"w0-from-0": "08:00", "w0-to-0": "12:00", "w0-from-1": "13:00", "w0-to-1": "15:00"}
    assert send(world["driver"], marta, "week", **fields).status_code == 303
    assert hours(marta().weekly) == [(480, 720), (780, 900)]


@pytest.mark.parametrize(
    ("what", "wrong", "sentence"),
    [
        ("week", {"w0-from-0": "12:00", "w0-to-0": "08:00"}, "later than the start"),
        ("week", {"w0-from-0": "12:00"}, "Write until when."),
        ("week", {"w0-from-0": "noon", "w0-to-0": "13:00"}, "hours and minutes"),
        (
            "week",
            {"w0-from-0": "08:00", "w0-to-0": "12:00", "w0-from-1": "11:00", "w0-to-1": "13:00"},
            "overlap",
        ),
        ("day", {"day": "2027-03-01", "repeat": "off"}, "This day is over"),
        ("day", {"day": "2027-03-11", "repeat": "only"}, "Write from when."),
        ("day", {"day": "2027-03-11", "repeat": "sometimes"}, "Choose for which days"),
        ("day", {"day": "", "repeat": "off"}, "Choose a day."),
        ("away", {"first_on": "2027-03-01"}, "This day is over"),
        ("away", {"first_on": "2027-03-24", "last_on": "2027-03-20"}, "before the first"),
        ("away", {"first_on": "soon"}, "year-month-day"),
    ],
)
def test_what_is_wrong_with_times_is_said_and_nothing_changes(world, marta, what, wrong, sentence):
    before = marta().version
    answer = send(world["driver"], marta, what, **wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert marta().version == before


def test_times_that_changed_meanwhile_are_not_overwritten(world, marta):
    stale = {"version": marta().version, "first_on": "2027-03-20"}
    send(world["rosa"], marta, "week", base=f"/drivers/{world['marta']}/availability")
    assert world["driver"].post("/availability/away", data=stale).status_code == 409
    assert marta().days_off == []
    assert (
        world["driver"].post("/availability/away", data={"first_on": "2027-03-20"}).status_code
        == 409
    )


def test_months_stay_within_a_year_from_now(world):
    first = world["driver"].get("/availability").text
    assert "February" not in first
    assert "April" in first
    assert "March 2027" in world["driver"].get("/availability?month=1999-01").text
    assert "March 2028" in world["driver"].get("/availability?month=2999-12").text
    assert world["driver"].get("/availability?month=soon&day=never").status_code == 200


def test_a_coordinator_keeps_the_times_of_a_driver(world, marta):
    base = f"/drivers/{world['marta']}/availability"
    assert "When Marta can drive" in world["rosa"].get(base).text
    fields = {"day": SOON.isoformat(), "repeat": "off"}
    assert send(world["rosa"], marta, "day", base=base, **fields).status_code == 303
    assert len(marta().days_off) == 1


@pytest.mark.parametrize("whose", ["colleague", "foreign"])
@pytest.mark.parametrize("path", ["", "/edit", "/availability"])
def test_a_driver_sees_no_other_driver(world, whose, path):
    assert world["driver"].get(f"/drivers/{world[whose]}{path}").status_code == 404
    assert world["driver"].post(f"/drivers/{world[whose]}/availability/week").status_code == 404


def test_a_coordinator_sees_no_driver_of_another_group(world):
    for path in ("", "/edit", "/availability"):
        assert world["rosa"].get(f"/drivers/{world['foreign']}{path}").status_code == 404
    assert world["rosa"].post(f"/drivers/{world['foreign']}/papers").status_code == 404


def test_who_does_not_drive_has_no_times_of_its_own(world):
    assert world["rosa"].get("/availability").status_code == 404
