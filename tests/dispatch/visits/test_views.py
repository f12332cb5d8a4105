"""The family's own page, and what the desk does about it, in a browser without scripts."""

import re

from sqlalchemy import select

from dispatch.db.transactions import Database
from dispatch.families.models import Family
from dispatch.rides.models import Ride, RideState
from dispatch.visits.models import FamilyCode
from tests.dispatch.visits.household import Page

PERSONAL = ("Larch Row", "Carmen", "0117", "49.271", "Diaz")
"""What nothing on the page may tell; "Diaz" is the driver's last name."""
PLANTED = ("Larch Row", "Carmen", "604-555-0117")


def ride_of(database: Database, page: Page) -> Ride:
    with database.transaction(reads_only=True) as session:
        return session.get_one(Ride, page.known.ride.id)


def test_the_page_shows_the_ride_who_comes_and_no_address(page):
    text = page.text()
    for words in ("Casa", "Lakeview Clinic", "Marta", "blue Honda", "9:30"):
        assert words in text
    for secret in PERSONAL:
        assert secret not in text


def test_the_secrets_are_where_they_could_have_come_from(page):
    record = f"/families/{page.known.family.uid}/reveal?part="
    opened = "".join(page.desk.post(record + part).text for part in ("address", "name", "phone"))
    for secret in PLANTED:
        assert secret in opened


def test_the_page_speaks_the_familys_language(page):
    assert '<html lang="es"' in page.text()
    page.tab.post("/language", data={"language": "en", "next": "/f/rides"})
    assert '<html lang="en"' in page.text()


def test_a_code_that_does_not_work_is_told_alike_whatever_is_wrong(app, page, database):
    with database.transaction(reads_only=True) as session:
        assert session.scalars(select(FamilyCode)).one().used_at is not None
    pages = set()
    for typed in ("K3MF 7HRA 9XWC", "", "x" * 4000, "<b>"):
        answer = app.test_client().post("/f", data={"code": typed})
        assert answer.status_code == 422
        pages.add(re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", answer.text))
    assert len(pages) == 1


def test_what_was_typed_does_not_come_back(app, page):
    answer = app.test_client().post("/f", data={"code": "K3MF 7HRA 9XWC"})
    assert answer.status_code == 422
    assert "K3MF" not in answer.text


def test_who_is_in_already_goes_to_the_page(page):
    assert page.tab.get("/f").location == "/f/rides"


def test_a_family_says_yes(page, database):
    answer = page.tab.post(f"/f/rides/{page.known.ride.uid}/yes")
    assert answer.status_code == 303
    assert ride_of(database, page).confirmed_at is not None
    assert "Usted dijo que sí" in page.text()


def test_a_family_calls_a_ride_off(page, database):
    form = {"version": "1", "reason": "sick"}
    page.tab.post(f"/f/rides/{page.known.ride.uid}/cancel", data=form)
    assert ride_of(database, page).state is RideState.CANCELLED
    assert "Lakeview Clinic" not in page.text()


def test_what_was_changed_meanwhile_is_said_and_shown_as_it_is_now(page, database):
    form = {"version": "7", "reason": "sick"}
    answer = page.tab.post(f"/f/rides/{page.known.ride.uid}/cancel", data=form)
    assert answer.status_code == 409
    assert "Lakeview Clinic" in answer.text
    assert ride_of(database, page).state is RideState.ACCEPTED


def test_ready_for_a_ride_that_waits_for_no_such_word_changes_nothing(page, database):
    assert page.tab.post(f"/f/rides/{page.known.ride.uid}/ready").status_code == 409
    assert ride_of(database, page).state is RideState.ACCEPTED


def test_withdrawing_wants_a_tick(page, database):
    assert "Borrarme ahora" in page.tab.get("/f/withdraw").text
    assert page.tab.post("/f/withdraw").status_code == 422
    with database.transaction(reads_only=True) as session:
        assert session.scalars(select(Family.withdrawn_at)).one() is None


def test_after_withdrawing_the_page_says_when_everything_is_erased(page, database):
    assert page.tab.post("/f/withdraw", data={"sure": "1"}).status_code == 303
    text = page.text()
    assert "15 de marzo" in text
    assert "Lakeview Clinic" not in text
    assert ride_of(database, page).state is RideState.CANCELLED


def test_leaving_forgets_the_phone(page):
    answer = page.tab.post("/f/leave")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert page.tab.get("/f/rides").location == "/f"


def test_the_family_reads_who_looked(page):
    assert "Nadie ha consultado todavía" in page.text()
    page.desk.post(f"/families/{page.known.family.uid}/reveal?part=address")
    assert "Alguien que coordina" in page.text()
    assert "su dirección" in page.text()


def codes(page: Page) -> str:
    return f"/families/{page.known.family.uid}/page"


def test_a_code_is_shown_once_on_a_card_in_the_familys_language(page):
    answer = page.desk.post(f"{codes(page)}/code")
    typed = re.search(r'class="code spoken">([^<]+)<', answer.text)[1]
    assert re.fullmatch(r"(\w{4} ){2}\w{4}", typed)
    assert 'lang="es"' in answer.text
    assert "<svg" in answer.text
    assert typed not in page.desk.get(codes(page)).text


def test_the_square_carries_the_code_where_no_server_sees_it(page, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "segno.make",
        lambda text, **_: drawn.append(text) or Drawn(),
    )
    page.desk.post(f"{codes(page)}/code")
    assert re.fullmatch(r"http://localhost/f#\w{12}", drawn[0])


class Drawn:
    """A picture of nothing."""

    def svg_inline(self, **_: object) -> str:
        """Nothing."""
        return ""


def test_the_desk_sees_codes_and_phones_by_time_alone(page):
    text = page.desk.get(codes(page)).text
    assert "Used" in text
    assert "Forget this phone" in text


def test_a_code_that_is_ended_opens_nothing(app, page):
    answer = page.desk.post(f"{codes(page)}/code")
    typed = re.search(r'class="code spoken">([^<]+)<', answer.text)[1]
    page.desk.post(f"{codes(page)}/end")
    assert app.test_client().post("/f", data={"code": typed}).status_code == 422


def test_a_phone_of_another_family_is_not_there_to_end(page):
    unknown = {"phone": "00000000-0000-4000-8000-000000000000"}
    assert page.desk.post(f"{codes(page)}/end", data=unknown).status_code == 404


def test_the_desk_withdraws_a_family_that_says_so_on_the_phone(page, database):
    address = f"/families/{page.known.family.uid}/withdraw"
    assert page.desk.post(address).status_code == 422
    assert page.desk.post(address, data={"sure": "1"}).status_code == 303
    refused = page.desk.post(f"/families/{page.known.family.uid}/reveal?part=name")
    assert refused.status_code == 404
    assert page.desk.post(f"{codes(page)}/code").status_code == 422
