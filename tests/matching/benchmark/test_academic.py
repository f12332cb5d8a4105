"""Academic files as peers read them, and what counts as reaching the best solution known."""

import math

import pytest

from matching.benchmark import academic
from matching.benchmark.academic import Result
from matching.benchmark.race import Effort
from matching.pooled.academic_network import read_cordeau, read_li_lim
from tests.matching.pooled.test_academic import PARCELS, TOWN

EFFORT = Effort(1.0, 0.9, 100.0)


def written(tmp_path, name, text):
    path = tmp_path / f"{name}.txt"
    path.write_text(text)
    return path


def test_peers_get_legs_that_are_never_too_short(tmp_path):
    file = read_cordeau(written(tmp_path, "a2-6", TOWN))
    day = academic.as_day(file)
    legs = [(i, j) for i in range(13) for j in range(13)]
    assert all(
        file.net.leg[i, j] <= day.travel_seconds[i][j] / academic.SCALE + 1e-9 for i, j in legs
    )
    assert day.travel_seconds[12][0] == math.ceil(1000 * math.hypot(2, 3))
    assert day.shifts[0].max_duration_seconds == 400_000
    assert {ride.max_ride_seconds for ride in day.rides} == {60_000}


def test_parcels_may_ride_as_long_as_they_like(tmp_path):
    day = academic.as_day(read_li_lim(written(tmp_path, "lc1", PARCELS)))
    assert {ride.max_ride_seconds for ride in day.rides} == {None}
    assert {shift.max_duration_seconds for shift in day.shifts} == {None}


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("cordeau-ab", ["a2-6", "b2-6"]),
        ("cordeau-pr", ["R1a"]),
        ("li-lim-100", ["lc101"]),
        ("li-lim-large", ["lc1_2_1"]),
    ],
)
def test_each_set_has_its_own_files(tmp_path, name, files):
    for folder, names in (("cordeau", ["R1a", "a2-6", "b2-6"]), ("li-lim", ["lc101"])):
        (tmp_path / folder).mkdir()
        for one in names:
            written(tmp_path / folder, one, "1 2 3\n")
    written(tmp_path / "li-lim", "lc1_2_1", "1 2 3\n" * 201)
    assert [path.stem for path in academic.instances(name, tmp_path)] == files


def test_a_folder_without_such_files_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="cordeau-ab"):
        academic.instances("cordeau-ab", tmp_path)


def test_fewer_vehicles_beat_a_shorter_way():
    few = Result("ours", EFFORT, vehicles=9, distance=1100.0, best=(10, 1000.0))
    assert few.is_best
    assert few.gap is None
    many = Result("ours", EFFORT, vehicles=11, distance=900.0, best=(10, 1000.0))
    assert not many.is_best
    assert many.gap is None


def test_the_gap_is_counted_where_as_many_vehicles_are_used():
    result = Result("ours", EFFORT, vehicles=10, distance=1010.0, best=(10, 1000.0))
    assert result.gap == pytest.approx(0.01)
    assert not result.is_best
    assert Result("ours", EFFORT, vehicles=3, distance=99.0, best=(None, 98.996)).is_best


@pytest.mark.parametrize("fault", [{"unserved": 1}, {"wrong": 1}, {"is_there": False}])
def test_what_leaves_somebody_out_or_breaks_a_rule_is_compared_with_nothing(fault):
    result = Result("ours", EFFORT, vehicles=3, distance=98.0, best=(None, 99.0), **fault)
    assert not result.is_best
    assert result.gap is None


def test_the_summary_counts_what_was_reached():
    sets = [
        [Result("ours", EFFORT, vehicles=3, distance=100.0, best=(None, 100.0))],
        [Result("ours", EFFORT, vehicles=3, distance=102.0, best=(None, 100.0))],
        [Result("ours", EFFORT, vehicles=3, distance=90.0, best=(None, 100.0), unserved=1)],
    ]
    (row,) = academic.summary(sets, solvers=("ours",))
    cells = dict(zip(academic.SUMMARY, row, strict=True))
    assert cells["all served"] == "2"
    assert cells["mean gap (n)"] == "1.00 % (2)"
    assert cells["largest gap"] == "2.00 %"
    assert cells["best known reached"] == "1"
