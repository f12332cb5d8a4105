"""Signing in: one answer for every failure, and pauses that keep out guessers, not owners."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.db.transactions import Database
from dispatch.errors import Refused, TooMany
from dispatch.people import passwords, rules, service
from dispatch.people.models import SignInFailure, User, UserState
from dispatch.people.service import Whence, signing_in
from tests.build import a_user

HOME = Whence("203.0.113.7")
WRONG = "not the password"
HASHED = {"password_hash": "a hash"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch):
    """Hashing without the work: what is tested here is everything around it."""
    monkeypatch.setattr(passwords, "fits", lambda stored, typed: stored == f"hash of {typed}")
    monkeypatch.setattr(passwords, "hash_of", lambda typed: f"hash of {typed}")
    monkeypatch.setattr(passwords, "is_outdated", lambda _stored: False)


@pytest.fixture
def rosa(any_session: Session, password: str) -> User:
    user = a_user(any_session, email="rosa@example.org", password_hash=f"hash of {password}")
    any_session.commit()
    return user


def _guess(session: Session, at: datetime, whence: Whence = HOME, email: str = "rosa@example.org"):
    with pytest.raises(Refused) as refused:
        service.sign_in(session, email, WRONG, whence, now=at)
    return refused.value.reasons


def test_the_right_password_opens(any_session: Session, rosa: User, password: str, now: datetime):
    found = service.sign_in(any_session, "  ROSA@example.org", password, HOME, now=now)
    assert found is rosa


def test_every_failure_has_the_same_answer(
    any_session: Session, rosa: User, password: str, now: datetime
):
    a_user(any_session, email="new@example.org", state=UserState.INVITED)
    hashed = f"hash of {password}"
    closed = {"state": UserState.SUSPENDED, "password_hash": hashed}
    a_user(any_session, email="closed@example.org", **closed)
    any_session.commit()
    tries = [("rosa@example.org", WRONG), ("nobody@example.org", password), ("", "")]
    tries += [("new@example.org", password), ("closed@example.org", password)]
    answers = set()
    for email, typed in tries:
        with pytest.raises(Refused) as refused:
            service.sign_in(any_session, email, typed, HOME, now=now)
        answers.add(tuple(refused.value.reasons))
    assert answers == {("E-mail and password do not fit together.",)}


@pytest.mark.parametrize("email", ["rosa@example.org", "nobody@example.org"])
def test_after_five_wrong_guesses_there_is_a_pause(
    any_session: Session, rosa: User, now: datetime, email: str
):
    for _guess_number in range(5):
        _guess(any_session, now, email=email)
    with pytest.raises(TooMany) as paused:
        service.sign_in(any_session, email, WRONG, HOME, now=now)
    assert paused.value.seconds == 15
    _guess(any_session, now + timedelta(seconds=15), email=email)


def test_a_pause_holds_back_the_right_password_too_but_not_for_ever(
    any_session: Session, rosa: User, password: str, now: datetime
):
    for _guess_number in range(5):
        _guess(any_session, now)
    with pytest.raises(TooMany):
        service.sign_in(any_session, "rosa@example.org", password, HOME, now=now)
    later = now + timedelta(seconds=15)
    assert service.sign_in(any_session, "rosa@example.org", password, HOME, now=later) is rosa


def test_guesses_from_many_networks_count_together_for_one_account(
    any_session: Session, rosa: User, now: datetime
):
    for number in range(5):
        _guess(any_session, now, Whence(f"198.51.{number}.1"))
    with pytest.raises(TooMany):
        service.sign_in(any_session, "rosa@example.org", WRONG, Whence("192.0.2.1"), now=now)


def test_one_network_that_tries_many_accounts_has_to_rest(any_session: Session, now: datetime):
    for number in range(rules.FREE_FOR_NETWORK):
        _guess(any_session, now, Whence(f"203.0.113.{number}"), f"person{number}@example.org")
    with pytest.raises(TooMany):
        service.sign_in(any_session, "new@example.org", WRONG, Whence("203.0.113.200"), now=now)
    _guess(any_session, now, Whence("203.0.114.1"), "new@example.org")


def test_a_browser_that_knows_the_account_is_not_slowed_down_by_strangers(
    any_session: Session, rosa: User, password: str, now: datetime
):
    mark = service.mark_of(any_session, "rosa@example.org")
    for _guess_number in range(5):
        _guess(any_session, now)
    known = Whence(HOME.address, mark)
    assert service.sign_in(any_session, "rosa@example.org", password, known, now=now) is rosa


def test_a_browser_that_knows_the_account_may_not_guess_for_ever(
    any_session: Session, rosa: User, now: datetime
):
    known = Whence(HOME.address, service.mark_of(any_session, "rosa@example.org"))
    for _guess_number in range(5):
        _guess(any_session, now, known)
    with pytest.raises(TooMany):
        service.sign_in(any_session, "rosa@example.org", WRONG, known, now=now)


@pytest.mark.parametrize("mark", ["", "0" * 32, "é", "someone else's"])
def test_a_mark_of_another_account_or_a_made_up_one_helps_nobody(
    any_session: Session, rosa: User, now: datetime, mark: str
):
    if mark == "someone else's":
        mark = service.mark_of(any_session, "tom@example.org")
    for _guess_number in range(5):
        _guess(any_session, now)
    with pytest.raises(TooMany):
        service.sign_in(any_session, "rosa@example.org", WRONG, Whence("x", mark), now=now)


def test_signing_in_forgets_the_wrong_guesses(
    any_session: Session, rosa: User, password: str, now: datetime
):
    for _guess_number in range(4):
        _guess(any_session, now)
    service.sign_in(any_session, "rosa@example.org", password, HOME, now=now)
    any_session.commit()
    account = signing_in._account(any_session, "rosa@example.org")
    kept = select(func.count()).where(SignInFailure.digest == account)
    assert any_session.scalar(kept) == 0
    of_network_and_of_all = 4 + 4
    assert any_session.scalar(select(func.count(SignInFailure.id))) == of_network_and_of_all


def test_a_flood_slows_down_strange_browsers_and_no_known_one(
    any_session: Session,
    rosa: User,
    password: str,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(rules, "FREE_EVERYWHERE", 6)
    for number in range(6):
        _guess(any_session, now, Whence(f"198.51.{number}.1"), f"somebody{number}@example.org")
    with pytest.raises(TooMany) as paused:
        service.sign_in(any_session, "rosa@example.org", password, Whence("192.0.2.1"), now=now)
    assert paused.value.seconds == 60
    known = Whence("192.0.2.1", service.mark_of(any_session, "rosa@example.org"))
    assert service.sign_in(any_session, "rosa@example.org", password, known, now=now) is rosa
    later = now + rules.LATELY
    stranger = Whence("192.0.2.2")
    assert service.sign_in(any_session, "rosa@example.org", password, stranger, now=later) is rosa


def test_a_day_later_nothing_is_left_of_a_guess(any_session: Session, rosa: User, now: datetime):
    _guess(any_session, now)
    _guess(any_session, now + rules.REMEMBERED, email="tom@example.org")
    left = any_session.scalars(select(SignInFailure.at)).all()
    assert set(left) == {now + rules.REMEMBERED}


def test_nothing_that_was_typed_is_kept(any_session: Session, now: datetime):
    _guess(any_session, now, email="rosa@example.org")
    kept = any_session.scalars(select(SignInFailure.digest)).all()
    assert len(set(kept)) == 3
    assert {len(digest) for digest in kept} == {16}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2::5", "2001:db8:1::/48"),
        ("not an address", "not an address"),
        ("", ""),
    ],
)
def test_addresses_of_one_household_are_one_network(address: str, network: str):
    assert signing_in._network(address) == network.encode()


def test_fifty_guesses_at_once_are_counted_one_by_one(any_database: Database, now: datetime):
    with any_database.transaction() as session:
        a_user(session, email="rosa@example.org", **HASHED)

    def guess(_number: int) -> type[Exception]:
        with any_database.session() as session:
            try:
                service.sign_in(session, "rosa@example.org", WRONG, HOME, now=now)
            except (Refused, TooMany) as error:
                return type(error)
            finally:
                any_database.vault.keys.close()
        raise AssertionError("a wrong password opened")

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(guess, range(50)))
    assert answers.count(Refused) == rules.FREE_FOR_ACCOUNT
    assert answers.count(TooMany) == 50 - rules.FREE_FOR_ACCOUNT


def test_nobody_waits_while_a_password_is_hashed(
    any_database: Database, password: str, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    with any_database.transaction() as session:
        a_user(session, email="rosa@example.org", **HASHED)
    written = []

    def hash_slowly(_stored: str, _typed: str) -> bool:
        with any_database.transaction() as other:
            written.append(a_user(other).id)
        return True

    monkeypatch.setattr(passwords, "fits", hash_slowly)
    with any_database.session() as session:
        service.sign_in(session, "rosa@example.org", password, HOME, now=now)
        session.rollback()
    assert len(written) == 1


@pytest.mark.parametrize(
    "change", [{"state": UserState.SUSPENDED}, {"password_hash": "another"}], ids=["closed", "new"]
)
def test_an_account_that_changes_meanwhile_stays_shut(
    any_database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch, change: dict
):
    with any_database.transaction() as session:
        user = a_user(session, email="rosa@example.org", **HASHED)

    def change_meanwhile(_stored: str, _typed: str) -> bool:
        with any_database.transaction() as other:
            for name, value in change.items():
                setattr(other.get_one(User, user.id), name, value)
        return True

    monkeypatch.setattr(passwords, "fits", change_meanwhile)
    with any_database.session() as session:
        with pytest.raises(Refused):
            service.sign_in(session, "rosa@example.org", "whatever", HOME, now=now)
        session.rollback()


def test_a_hash_made_with_weaker_settings_is_made_anew(
    any_session: Session, rosa: User, password: str, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(passwords, "is_outdated", lambda _stored: True)
    monkeypatch.setattr(passwords, "hash_of", lambda _typed: "a stronger hash")
    service.sign_in(any_session, "rosa@example.org", password, HOME, now=now)
    assert rosa.password_hash == "a stronger hash"  # noqa: S105 -- no password at all
