"""Two doors: who works here is nobody on a family's page, and a family is nobody at the desk."""

from datetime import timedelta

from sqlalchemy import select, update

from dispatch.visits import rules
from dispatch.visits.models import FamilyPhone


def test_without_a_code_every_own_page_leads_to_the_door(app, page):
    for address in ("/f/rides", "/f/withdraw"):
        answer = app.test_client().get(address)
        assert (answer.status_code, answer.location) == (303, "/f")


def test_a_family_is_nobody_at_the_desk(page):
    answer = page.tab.get(f"/families/{page.known.family.uid}")
    assert answer.location.startswith("/signin")


def test_a_coordinator_is_nobody_on_a_familys_page(page):
    assert page.desk.get("/f/rides").location == "/f"
    answer = page.desk.post(f"/f/rides/{page.known.ride.uid}/yes")
    assert answer.location == "/f"


def test_the_cookie_outlives_the_browser_and_is_for_the_server_alone(app, database, page):
    page.tab.post("/f/leave")
    code = page.desk.post(f"/families/{page.known.family.uid}/page/code").text
    typed = code.split('class="code spoken">')[1].split("<")[0]
    answer = page.tab.post("/f", data={"code": typed})
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("family="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert f"Max-Age={int(rules.PHONE_LASTS.total_seconds())}" in cookie


def test_a_page_that_nobody_opens_for_a_week_closes(page, moment):
    moment.pass_by(days=6)
    assert page.tab.get("/f/rides").status_code == 200
    moment.pass_by(days=6)
    assert page.tab.get("/f/rides").status_code == 200
    moment.pass_by(days=7)
    assert page.tab.get("/f/rides").location == "/f"


def test_a_phone_that_the_desk_forgets_is_out_at_its_next_step(page, database):
    with database.transaction() as session:
        phone = session.scalars(select(FamilyPhone)).one().uid
    answer = page.desk.post(
        f"/families/{page.known.family.uid}/page/end", data={"phone": str(phone)}
    )
    assert answer.status_code == 303
    assert page.tab.get("/f/rides").location == "/f"


def test_looking_is_noted_once_an_hour_at_most(page, database, moment):
    def seen_at():
        with database.transaction(reads_only=True) as session:
            return session.scalars(select(FamilyPhone.seen_at)).one()

    first = seen_at()
    moment.pass_by(minutes=59)
    page.tab.get("/f/rides")
    assert seen_at() == first
    moment.pass_by(minutes=1)
    page.tab.get("/f/rides")
    assert seen_at() == first + timedelta(hours=1)


def test_a_stolen_row_is_no_cookie(app, page, database):
    with database.transaction() as session:
        session.execute(update(FamilyPhone).values(token_hash=b"x" * 32))
    tab = app.test_client()
    tab.set_cookie("family", "x" * 32)
    assert tab.get("/f/rides").location == "/f"
