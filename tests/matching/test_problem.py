"""A problem that contradicts itself is refused, naming field and id."""

import json
from pathlib import Path

import pytest

from matching import files
from matching.problem import LARGEST, InvalidProblem

DAY = {
    "format": "matching-problem/1",
    "travel_seconds": [[0, 300], [310, 0]],
    "shifts": [
        {"id": "s1", "driver": "d1", "start_place": 0, "end_place": 0, "earliest": 0,
         "latest": 64800, "capacity": {"seats": 4}},
        {"id": "s2", "driver": "d2", "start_place": 0, "end_place": 0, "earliest": 0,
         "latest": 64800, "capacity": {"seats": 4}},
    ],
    "rides": [
        {"id": "r1", "pickup_place": 1, "dropoff_place": 0, "pickup_window": [30000, 31800],
         "dropoff_window": [30300, 34200], "board_seconds": 300, "alight_seconds": 300,
         "load": {"seats": 2}, "priority": 1},
    ],
}  # fmt: skip


def changed(path, value):
    """The day with one value exchanged; a path is a list of keys."""
    day = json.loads(json.dumps(DAY))
    where = day
    for key in path[:-1]:
        where = where[key]
    where[path[-1]] = value
    return day


def test_what_is_written_is_read_again():
    problem = files.problem_from_dict(DAY)
    assert files.problem_from_dict(files.problem_to_dict(problem)) == problem


@pytest.mark.parametrize(
    ("path", "value", "field", "of"),
    [
        (["format"], "matching-problem/2", "format", None),
        (["travel_seconds"], [[0, 300]], "travel_seconds", "0"),
        (["travel_seconds", 0, 0], 5, "travel_seconds", "0"),
        (["travel_seconds", 1, 0], -2, "travel_seconds", "1"),
        (["travel_seconds", 1, 0], 1.5, "travel_seconds", "1"),
        (["travel_seconds", 1, 0], 2**70, "travel_seconds", "1"),
        (["shifts"], None, "shifts", None),
        (["shifts", 0, "id"], "", "shifts.id", None),
        (["shifts", 0, "id"], "s2", "shifts.id", "s2"),
        (["shifts", 0, "start_place"], 2, "shifts.start_place", "s1"),
        (["shifts", 0, "latest"], -1, "shifts.latest", "s1"),
        (["shifts", 0, "earliest"], 64801, "shifts.latest", "s1"),
        (["shifts", 0, "driver"], "d2", "shifts.earliest", "s2"),
        (["shifts", 0, "capacity"], {"seats": -1}, "shifts.capacity.seats", "s1"),
        (["shifts", 0, "max_rides"], True, "shifts.max_rides", "s1"),
        (["rides", 0, "dropoff_place"], 9, "rides.dropoff_place", "r1"),
        (["rides", 0, "pickup_window"], [5], "rides.pickup_window", "r1"),
        (["rides", 0, "pickup_window"], [9, 5], "rides.pickup_window", "r1"),
        (["rides", 0, "priority"], 0, "rides.priority", "r1"),
        (["rides", 0, "board_seconds"], LARGEST + 1, "rides.board_seconds", "r1"),
        (["rides", 0, "load"], [], "rides.load", "r1"),
        (["rides", 0, "skills"], [1], "rides.skills", "r1"),
        (["affinity"], [{"ride": "r9", "driver": "d1", "seconds": 1}], "affinity.ride", "r9"),
        (["affinity"], [{"ride": "r1", "driver": "x", "seconds": 1}] * 2, "affinity.ride", "r1"),
        (["locked"], [{"ride": "r1", "shift": "s9"}], "locked.shift", "s9"),
        (["locked"], [{"ride": "r9", "shift": "s1"}], "locked.ride", "r9"),
        (["previous"], [{"ride": "r9", "shift": "s1"}], "previous.ride", "r9"),
        (["previous"], [{"ride": "r1", "shift": "s1"}] * 2, "previous.ride", "r1"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_id(path, value, field, of):
    with pytest.raises(InvalidProblem) as refused:
        files.problem_from_dict(changed(path, value))
    assert (refused.value.field, refused.value.id) == (field, of)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["shifts", 0, "capacity"], {"seats": 1}),
        (["shifts", 0, "latest"], 30000),
        (["shifts", 0, "max_drive_seconds"], 600),
        (["shifts", 0, "max_duration_seconds"], 1000),
        (["shifts", 0, "max_rides"], 0),
        (["rides", 0, "skills"], ["lift"]),
        (["rides", 0, "excluded_drivers"], ["d1"]),
        (["rides", 0, "max_ride_seconds"], 100),
        (["travel_seconds", 0, 1], -1),
    ],
)
def test_a_lock_that_its_shift_rules_out_is_refused(path, value):
    day = changed(path, value)
    day["locked"] = [{"ride": "r1", "shift": "s1"}]
    with pytest.raises(InvalidProblem) as refused:
        files.problem_from_dict(day)
    assert (refused.value.field, refused.value.id) == ("locked.shift", "r1")


def test_names_that_are_absent_from_the_day_are_no_error():
    day = DAY | {
        "affinity": [{"ride": "r1", "driver": "away", "seconds": -60}],
        "previous": [{"ride": "r1", "shift": "gone"}],
    }
    assert files.problem_from_dict(day).previous == {"r1": "gone"}


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path):
    path = tmp_path / "day.json.gz"
    path.write_bytes(b"\x1f\x8b\x08\x00")
    with pytest.raises(ValueError, match="gzip"):
        files.read_json(path)
