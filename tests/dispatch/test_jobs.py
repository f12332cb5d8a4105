"""The queue and the timetable: a run that was asked for is carried out, whatever broke between."""

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from dispatch import clock, jobs, mailing
from dispatch.config import load
from dispatch.mail_server import named
from dispatch.people.freezing import Freeze
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.planning.service import expiring, runs
from tests.build import DAY, a_coordinator, a_group
from tests.dispatch.planning.service.world import World


@pytest.fixture
def queue(settings, database):
    return jobs.Jobs(settings, database)


@pytest.fixture
def carried_out(monkeypatch):
    """What workers carried out, instead of doing it."""
    found = []
    monkeypatch.setattr(
        jobs.worker, "carry_out", lambda _database, uid, **values: found.append((uid, values))
    )
    return found


def work_off(queue):
    """Do what a worker does with everything that waits."""
    while (task := queue.queue.dequeue()) is not None:
        queue.queue.execute(task)


def a_queued_run(database, now):
    with database.transaction() as session:
        group = a_group(session)
        rosa = a_coordinator(session, group)
        return runs.start_run(session, rosa, group, DAY, enqueue=[].append, now=now).uid


def test_a_job_holds_an_id_and_nothing_else(queue):
    uid = uuid4()
    queue.enqueue(uid)
    (waiting,) = queue.queue.pending()
    assert (waiting.args, waiting.kwargs) == ((str(uid),), {})


def test_a_worker_carries_out_the_run_in_the_time_that_is_set(queue, settings, carried_out):
    uid = uuid4()
    queue.enqueue(uid)
    work_off(queue)
    ((found, values),) = carried_out
    assert (found, values["seconds"]) == (uid, settings.match_seconds)


def test_a_run_is_carried_out_here_and_now_without_a_worker(queue, carried_out):
    uid = uuid4()
    queue.carry_out(uid)
    assert [found for found, _values in carried_out] == [uid]
    assert queue.queue.pending() == []


def test_a_job_outlives_the_process_that_asked_for_it(queue, settings, database, carried_out):
    uid = uuid4()
    queue.enqueue(uid)
    work_off(jobs.Jobs(settings, database))
    assert [found for found, _values in carried_out] == [uid]


def test_a_queue_that_is_away_does_not_undo_what_was_asked(queue, monkeypatch):
    def broken(_task):
        raise OSError("gone")

    monkeypatch.setattr(queue.queue, "enqueue", broken)
    queue.enqueue(uuid4())


def test_a_run_whose_job_was_lost_gets_another(queue, database, carried_out, moment):
    uid = a_queued_run(database, clock.now())
    queue.rescue()
    assert queue.queue.pending() == []
    moment.at += runs.WAITING + timedelta(seconds=1)
    queue.rescue()
    work_off(queue)
    assert [found for found, _values in carried_out] == [uid]


@pytest.fixture
def offered(database, now):
    """The id of an offer that its driver has not answered."""
    with database.transaction() as session:
        world = World(session, now)
        (offer,) = world.approve()
        return offer.id


def state_of(database, offer):
    with database.transaction(reads_only=True) as session:
        return session.get_one(Assignment, offer).state


def test_an_offer_whose_time_is_over_ends_and_the_day_is_matched_again(
    queue, database, carried_out, moment, offered
):
    queue.expire_offers()
    assert state_of(database, offered) is AssignmentState.OFFERED
    moment.at += expiring.WAITS
    queue.expire_offers()
    assert state_of(database, offered) is AssignmentState.DECLINED
    work_off(queue)
    assert len(carried_out) == 1


def test_while_all_is_paused_no_offer_ends(queue, database, moment, offered):
    with database.transaction() as session:
        session.add(Freeze(began_at=moment.at))
    moment.at += expiring.WAITS
    queue.expire_offers()
    assert state_of(database, offered) is AssignmentState.OFFERED


def test_drivers_are_reminded_but_not_while_all_is_paused(queue, database, moment, monkeypatch):
    reminded = []
    monkeypatch.setattr(jobs.reminding, "remind", lambda _session, now: reminded.append(now))
    queue.remind()
    with database.transaction() as session:
        session.add(Freeze(began_at=moment.at))
    queue.remind()
    assert reminded == [moment.at]


@pytest.mark.parametrize(
    ("duty", "module", "name"),
    [("watch", "overdue", "watch"), ("take_up_ready", "taking_up", "take_up_ready")],
)
def test_the_desk_is_alarmed_and_parties_are_taken_up_but_not_while_all_is_paused(
    queue, database, moment, monkeypatch, duty, module, name
):
    done = []
    monkeypatch.setattr(
        getattr(jobs, module), name, lambda _session, now, **_values: done.append(now)
    )
    getattr(queue, duty)()
    with database.transaction() as session:
        session.add(Freeze(began_at=moment.at))
    getattr(queue, duty)()
    assert done == [moment.at]


def test_a_worker_makes_the_solver_ready_before_it_takes_a_job(queue, monkeypatch):
    done = []

    class Consumer:
        def __init__(self, _queue: object, **_values: object) -> None:
            pass

        def run(self) -> None:
            done.append("jobs")

    monkeypatch.setattr(jobs, "Consumer", Consumer)
    monkeypatch.setattr(jobs.worker, "warm_up", lambda: done.append("solver"))
    queue.work()
    assert done == ["solver", "jobs"]


def test_a_worker_sends_letters_beside_the_jobs(settings, database, monkeypatch):
    with_server = replace(settings, mail=named("smtp://127.0.0.1:25", "rides@example.org", None))
    sending = threading.Event()

    class Consumer:
        def __init__(self, _queue: object, **_values: object) -> None:
            pass

        def run(self) -> None:
            assert sending.wait(10)

    monkeypatch.setattr(jobs, "Consumer", Consumer)
    monkeypatch.setattr(jobs.worker, "warm_up", lambda: None)
    monkeypatch.setattr(mailing, "BEAT", 0.01)
    monkeypatch.setattr(mailing.Mailing, "send_next", lambda _mailing: sending.set())
    jobs.Jobs(with_server, database).work()


class Bell:
    """Rings a few times, then the process is told to stop."""

    def __init__(self, rings: int) -> None:
        self.rings = rings

    def wait(self, _seconds: float) -> bool:
        self.rings -= 1
        return self.rings < 0


def test_the_timetable_outlives_a_database_that_is_away_for_a_moment(queue, monkeypatch):
    tries = []

    def rescue():
        tries.append(len(tries))
        if len(tries) == 1:
            raise OSError("away")

    monkeypatch.setattr(queue, "rescue", rescue)
    queue._timetable(Bell(3))
    assert tries == [0, 1, 2]


def test_every_duty_has_its_turn(queue):
    names = {duty.__name__ for duty in queue._duties()}
    assert names == {"rescue", "expire_offers", "remind", "watch", "take_up_ready"}


@pytest.mark.parametrize(
    ("url", "kind", "told"),
    [
        ("redis://localhost/1", "RedisHuey", {"url": "redis://localhost/1"}),
        ("postgresql://localhost/q", "PostgresHuey", {"dsn": "postgresql://localhost/q"}),
        ("sqlite:////srv/queue.db", "SqliteHuey", {"filename": "/srv/queue.db", "fsync": True}),
    ],
)
def test_the_address_of_the_queue_says_what_kind_it_is(
    settings, database, monkeypatch, url, kind, told
):
    made = []

    class Queue:
        def __init__(self, name: str, **values: object) -> None:
            made.append((name, values))

        def task(self):
            return lambda function: function

    monkeypatch.setattr(jobs, kind, Queue)
    jobs.Jobs(load(str(settings.data_dir), testing=True, queue_url=url), database)
    assert made == [("dispatch", told)]
