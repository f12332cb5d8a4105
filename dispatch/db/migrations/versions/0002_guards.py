"""Guards: no person behind two wheels at a time, and an audit that only grows.

SQLite has no exclusion constraints, so triggers do the same; both databases answer a double
booking with an integrity error.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_LIVE = "IN ('offered', 'accepted', 'completed')"
_NO_OVERLAP = f"""
CREATE TRIGGER assignment_no_overlap_{{when}} BEFORE {{what}} ON assignment
WHEN NEW.state {_LIVE} AND EXISTS (
    SELECT 1 FROM assignment
    WHERE id IS NOT NEW.id AND user_id = NEW.user_id AND state {_LIVE}
      AND pickup_at < NEW.busy_until AND NEW.pickup_at < busy_until
)
BEGIN
    SELECT RAISE(ABORT, 'assignment_no_overlap: the driver is elsewhere then');
END
"""
_APPEND_ONLY_SQLITE = """
CREATE TRIGGER audit_event_append_only{suffix} BEFORE {what} ON audit_event
BEGIN
    SELECT RAISE(ABORT, 'audit_event_append_only: the audit only grows');
END
"""
_EXCLUDE = f"""
ALTER TABLE assignment ADD CONSTRAINT assignment_no_overlap EXCLUDE USING gist (
    int8range(user_id::bigint, user_id::bigint, '[]') WITH &&,
    tstzrange(pickup_at, busy_until, '[)') WITH &&
) WHERE (state {_LIVE})
"""
_APPEND_ONLY_POSTGRESQL = """
CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_event_append_only: the audit only grows'
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def upgrade() -> None:
    """Put the guards up."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_EXCLUDE)
        op.execute(_APPEND_ONLY_POSTGRESQL)
        op.execute(
            "CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event "
            "FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()"
        )
        return
    op.execute(_NO_OVERLAP.format(when="insert", what="INSERT"))
    op.execute(_NO_OVERLAP.format(when="update", what="UPDATE"))
    op.execute(_APPEND_ONLY_SQLITE.format(suffix="", what="UPDATE"))
    op.execute(_APPEND_ONLY_SQLITE.format(suffix="_delete", what="DELETE"))


def downgrade() -> None:
    """Take them down."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE assignment DROP CONSTRAINT assignment_no_overlap")
        op.execute("DROP TRIGGER audit_event_append_only ON audit_event")
        op.execute("DROP FUNCTION audit_event_refuse()")
        return
    for name in ("assignment_no_overlap_insert", "assignment_no_overlap_update"):
        op.execute(f"DROP TRIGGER {name}")
    for name in ("audit_event_append_only", "audit_event_append_only_delete"):
        op.execute(f"DROP TRIGGER {name}")
