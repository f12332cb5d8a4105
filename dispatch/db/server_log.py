"""What PostgreSQL writes into its own log: whatever fails there, no value of ours stands in it.

A row that breaks a rule is told whole in the DETAIL of an error, and parameters are logged where
somebody turned that on. What is personal is sealed before it gets there; this keeps what is not
sealed, and the sealed bytes, out of a file that nobody thinks of.
"""

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

WANTED = {
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
"""Settings of the server and their values: no DETAIL, and no parameter of any statement."""
_SET_HERE = text(
    """
    SELECT format('ALTER DATABASE %I SET %I = %L', current_database(), name, value)
    FROM unnest(CAST(:names AS text[]), CAST(:values AS text[])) AS wanted (name, value)
    WHERE current_setting(name) <> value
    """
)


def keep_values_out(engine: Engine) -> None:
    """Set for this database what its owner may set; connections from now on have it."""
    if engine.dialect.name != "postgresql":
        return
    with engine.begin() as connection:
        for statement in _missing(connection):
            try:
                with connection.begin_nested():
                    connection.exec_driver_sql(statement)
            except ProgrammingError:  # not allowed to this user: `left_to_do` names it
                continue
    engine.dispose()


def left_to_do(engine: Engine) -> list[str]:
    """The statements that a superuser of the server still has to carry out, ready to be typed."""
    if engine.dialect.name != "postgresql":
        return []
    with engine.connect() as connection:
        return _missing(connection)


def _missing(connection: Connection) -> list[str]:
    wanted = {"names": list(WANTED), "values": list(WANTED.values())}
    return list(connection.execute(_SET_HERE, wanted).scalars())
