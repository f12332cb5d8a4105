"""The tables of the finished file, and those that hold what was read until it is sorted."""

FORMAT = "2"
"""Of the file: one of another format is made anew."""

STAGING = """
CREATE TABLE raw_address (
    key TEXT NOT NULL, street TEXT NOT NULL, number TEXT NOT NULL, town TEXT NOT NULL,
    postcode TEXT NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL, source INTEGER NOT NULL,
    ref INTEGER);
CREATE TABLE raw_road (key TEXT NOT NULL, name TEXT NOT NULL, line BLOB NOT NULL);
CREATE TABLE raw_alias (alias TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL);
CREATE TABLE raw_joint (ref INTEGER NOT NULL, key TEXT NOT NULL, lat REAL NOT NULL,
    lon REAL NOT NULL);
CREATE TABLE raw_place (name TEXT NOT NULL, kind TEXT NOT NULL, lat REAL NOT NULL,
    lon REAL NOT NULL);
CREATE TABLE raw_border (name TEXT NOT NULL, kind INTEGER NOT NULL, area INTEGER NOT NULL,
    line BLOB NOT NULL, south REAL, west REAL, north REAL, east REAL);
CREATE TABLE raw_span (rule TEXT NOT NULL, street TEXT NOT NULL, refs TEXT NOT NULL,
    line BLOB NOT NULL);
"""
"""`key` is a street's name in the one spelling; `line` is pairs of float64, latitude first;
`source` is one of `Source`; `ref` is the number of a point of the map; a border, as water, has a
row for each closed line of its area, with the rectangle around the whole area."""

FINISHED = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE town (id INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL);
CREATE TABLE street (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, town INTEGER, quarter INTEGER,
    lat REAL NOT NULL, lon REAL NOT NULL, houses INTEGER NOT NULL, line BLOB);
CREATE TABLE spelling (
    key TEXT NOT NULL, name TEXT NOT NULL, street INTEGER NOT NULL,
    PRIMARY KEY (key, street)) WITHOUT ROWID;
CREATE TABLE address (
    id INTEGER PRIMARY KEY, street INTEGER NOT NULL, number TEXT NOT NULL, plain TEXT NOT NULL,
    block INTEGER NOT NULL, value INTEGER NOT NULL, postcode TEXT NOT NULL, town INTEGER,
    quarter INTEGER, said INTEGER NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL,
    source INTEGER NOT NULL, square INTEGER NOT NULL);
CREATE TABLE span (
    street INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, step INTEGER NOT NULL,
    line BLOB NOT NULL);
CREATE TABLE crossing (
    one INTEGER NOT NULL, other INTEGER NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL);
CREATE TABLE place (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, town INTEGER,
    lat REAL NOT NULL, lon REAL NOT NULL);
CREATE TABLE water (
    area INTEGER NOT NULL, line BLOB NOT NULL, south REAL, west REAL, north REAL, east REAL);
CREATE VIRTUAL TABLE street_words USING fts5(
    name, town, shown UNINDEXED, street UNINDEXED, prefix='1 2 3', tokenize='ascii');
CREATE VIRTUAL TABLE place_words USING fts5(words, content='', prefix='1 2 3', tokenize='ascii');
"""
"""`said`: whether the town is written at the house or follows from its postcode, and is no guess;
`square` numbers a square of the grid of `ground.py`; rows of `street_words` stand with the
streets of most houses first."""

INDEXES = """
CREATE INDEX address_number ON address (street, plain);
CREATE INDEX address_value ON address (street, block, value);
CREATE INDEX address_square ON address (square);
CREATE INDEX span_street ON span (street);
CREATE INDEX crossing_one ON crossing (one, other);
CREATE INDEX spelling_street ON spelling (street);
CREATE INDEX place_key ON place (key);
CREATE INDEX water_south ON water (south, north);
"""
