"""The command about driving times."""

import io
import json
import sys

import pytest

from dispatch import cli
from dispatch.places.roads import by_road
from tests.services.roads import GROUP, IN_THE_SEA, S0, W0, W1, W3


@pytest.fixture
def times(tmp_path, capsys):
    """A function from the text of a file to exit status, answer and what was said beside it."""

    def carry_out(text, file=None):
        path = tmp_path / "points.csv"
        path.write_text(text)
        data = str(tmp_path / "data")
        status = cli.main(["places", "times", "--data-dir", data, file or str(path)])
        said = capsys.readouterr()
        return status, json.loads(said.out) if said.out else None, said.err

    return carry_out


def rows(*points, head=""):
    return head + "".join(f"{lat},{lon}\n" for lat, lon in points)


@pytest.mark.needs(GROUP)
def test_seconds_by_road_come_out_and_null_where_none_leads(data_dir, times):
    status, matrix, said = times(rows(W0, W3, S0, IN_THE_SEA))
    assert status == 0
    assert matrix[0][1] > 60
    assert [row[2] for row in matrix] == [None, None, 0, None]
    assert [row[3] for row in matrix] == [None, None, None, 0]
    assert "Driving times follow the roads of the imported map." in said
    assert "Point 4 lies farther than 400 m from any road." in said
    assert "No road leads from point 1 to point 3." in said


def test_without_a_map_the_estimate_is_called_one(times):
    status, matrix, said = times(rows(W0, W1))
    assert (status, matrix[0][0]) == (0, 0)
    assert matrix[0][1] == matrix[1][0] > 0
    assert "Times are estimates: no road map has been imported." in said


@pytest.mark.parametrize(
    "text",
    [
        "49.26,-123.12\n49.26,-123.10\n",
        "lat,lon\n49.26,-123.12\n49.26,-123.10\n",
        "\ufeffName, Longitude, Latitude\nA,-123.12,49.26\nB,-123.10,49.26\n",
        " 49.26 , -123.12 \n\n49.26,-123.10,the clinic\n\n",
    ],
)
def test_the_columns_may_be_named_and_rows_may_be_empty(times, text):
    _status, matrix, _said = times(text)
    assert matrix == times(rows((49.26, -123.12), (49.26, -123.10)))[1]


def test_rows_come_from_standard_input_for_a_dash(times, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(rows(W0, W1).encode())))
    assert len(times("", "-")[1]) == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("49.26,-123.12\n48 Larch Row,\n", "Row 2 is no point"),
        ("49.26\n", "Row 1 is no point"),
        ("lat,lon\n49.26,-123.12\n49.26,west\n", "Row 3 is no point"),
        ("-123.12,49.26\n", "Row 1 lies nowhere on earth"),
        ("49.26,181\n", "Row 1 lies nowhere on earth"),
        ("nan,0\n", "Row 1 lies nowhere on earth"),
    ],
)
def test_a_bad_row_is_told_by_its_number_and_nothing_is_answered(times, text, sentence):
    status, matrix, said = times(text)
    assert (status, matrix) == (2, None)
    assert sentence in said
    assert len(said.splitlines()) == 1


def test_an_empty_file_has_an_empty_matrix(times):
    assert times("")[:2] == (0, [])


def test_of_many_points_off_the_road_the_first_are_named(times, fake, monkeypatch):
    monkeypatch.setenv("OSRM_URL", fake.url)
    points = [(49 + index / 100, -123.0) for index in range(14)]
    fake.metres = {f"{lon:.6f},{lat:.6f}": 999 for lat, lon in points[:12]}
    fake.apart = {("-123.000000,49.120000", "-123.000000,49.130000")}
    _status, _matrix, said = times(rows(*points))
    assert said.count("lies farther than 400 m") == 10
    assert "So do 2 more." in said
    assert said.count("No road leads") == 1


def test_of_many_pairs_the_first_are_named(times, fake, monkeypatch):
    monkeypatch.setenv("OSRM_URL", fake.url)
    points = [(49 + index / 100, -123.0) for index in range(5)]
    texts = [f"{lon:.6f},{lat:.6f}" for lat, lon in points]
    fake.apart = {(one, other) for one in texts for other in texts if one != other}
    _status, _matrix, said = times(rows(*points))
    assert said.count("No road leads") == 10
    assert "The same holds for 10 more pairs." in said


def test_what_is_logged_meanwhile_is_not_part_of_the_answer(times, fake, monkeypatch):
    monkeypatch.setenv("OSRM_URL", fake.url)
    monkeypatch.setattr(by_road, "_AGAIN_AFTER", 0.01)
    fake.answer = (500, b"")
    status, matrix, said = times(rows(W0, W1))
    assert (status, len(matrix)) == (0, 2)
    assert "driving times are estimated" in said
    assert "the road engine did not answer" in said
