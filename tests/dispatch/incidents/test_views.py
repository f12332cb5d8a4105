"""The short form, the list, and one incident under its seal."""

import pytest

from tests.dispatch.planning.views.scene import Scene

TYPED = {"kind": "accident", "note": "A van on Larch Row.", "told": ["family", "driver"]}


@pytest.fixture
def scene(database, client_of, now):
    return Scene(database, client_of, now)


def test_an_incident_is_written_read_for_a_minute_and_settled(scene):
    form = f"/rides/{scene.ride_uid}/incident"
    assert form in scene.desk.get(f"/rides/{scene.ride_uid}").text
    assert scene.desk.get(form).status_code == 200
    answer = scene.desk.post(form, data=TYPED)
    assert answer.status_code == 303
    page = scene.desk.get(answer.location).text
    assert "The family, The driver" in page
    assert TYPED["note"] not in page
    opened = scene.desk.post(f"{answer.location}/note")
    assert TYPED["note"] in opened.text
    assert "no-store" in opened.headers["Cache-Control"]
    assert "An accident" in scene.desk.get("/incidents").text
    scene.desk.post(f"{answer.location}/settle")
    assert "Nothing is open." in scene.desk.get("/incidents").text
    again = scene.desk.post(f"{answer.location}/settle", follow_redirects=True)
    assert "Somebody has settled this before." in again.text


def test_a_script_gets_the_note_alone(scene):
    answer = scene.desk.post(f"/rides/{scene.ride_uid}/incident", data=TYPED)
    part = scene.desk.post(f"{answer.location}/note", headers={"HX-Request": "true"}).text
    assert TYPED["note"] in part
    assert "<html" not in part


def test_what_is_missing_comes_back_with_what_was_typed(scene):
    typed = {"note": TYPED["note"], "told": ["steward"]}
    answer = scene.desk.post(f"/rides/{scene.ride_uid}/incident", data=typed)
    assert answer.status_code == 422
    assert TYPED["note"] in answer.text
    assert 'value="steward"' in answer.text
    assert "Nothing is open." in scene.desk.get("/incidents").text


def test_drivers_and_other_desks_are_not_let_in(scene):
    form = f"/rides/{scene.ride_uid}/incident"
    made = scene.desk.post(form, data=TYPED).location
    assert scene.phone.get("/incidents").status_code == 403
    for address in (form, made):
        assert scene.phone.get(address).status_code == 403
        assert scene.elsewhere.get(address).status_code == 404
    assert scene.elsewhere.post(f"{made}/note").status_code == 404
