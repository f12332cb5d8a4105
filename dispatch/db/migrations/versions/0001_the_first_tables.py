"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""

    op.create_table(
        "audit_event",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_uid", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("object_kind", sa.String(length=24), nullable=False),
        sa.Column("object_uid", sa.Uuid(), nullable=True),
        sa.Column("family_uid", sa.Uuid(), nullable=True),
        sa.Column("ride_uid", sa.Uuid(), nullable=True),
        sa.Column("group_uid", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("position", name=op.f("uq_audit_event_position")),
        sa.UniqueConstraint("uid", name=op.f("uq_audit_event_uid")),
    )
    op.create_index(op.f("ix_audit_event_actor_uid"), "audit_event", ["actor_uid"], unique=False)
    op.create_index(op.f("ix_audit_event_family_uid"), "audit_event", ["family_uid"], unique=False)
    op.create_index(op.f("ix_audit_event_group_uid"), "audit_event", ["group_uid"], unique=False)
    op.create_index(
        "ix_audit_event_object", "audit_event", ["object_kind", "object_uid"], unique=False
    )
    op.create_table(
        "community_group",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("desk_phone", sa.String(length=32), nullable=False),
        sa.Column("grant_before_minutes", sa.Integer(), nullable=False),
        sa.Column("grant_after_minutes", sa.Integer(), nullable=False),
        sa.Column("most_seats", sa.Integer(), nullable=False),
        sa.Column("board_minutes", sa.Integer(), nullable=False),
        sa.Column("alight_minutes", sa.Integer(), nullable=False),
        sa.Column("flexible_minutes", sa.Integer(), nullable=False),
        sa.Column("uses_miles", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "grant_after_minutes BETWEEN 0 AND 720",
            name=op.f("ck_community_group_grant_closes_within_12_h"),
        ),
        sa.CheckConstraint(
            "grant_before_minutes BETWEEN 0 AND 720",
            name=op.f("ck_community_group_grant_opens_at_most_12_h"),
        ),
        sa.CheckConstraint(
            "most_seats BETWEEN 1 AND 20", name=op.f("ck_community_group_a_car_has_seats")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_group")),
        sa.UniqueConstraint("uid", name=op.f("uq_community_group_uid")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
        sa.UniqueConstraint("uid", name=op.f("uq_sign_in_failure_uid")),
    )
    op.create_index(op.f("ix_sign_in_failure_digest"), "sign_in_failure", ["digest"], unique=False)
    op.create_table(
        "user_account",
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "active",
                "suspended",
                name="userstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("is_steward", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_email", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_phone", sa.LargeBinary(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("uid", name=op.f("uq_user_account_uid")),
    )
    op.create_table(
        "cell",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_cell_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cell")),
        sa.UniqueConstraint("uid", name=op.f("uq_cell_uid")),
    )
    op.create_index("uq_cell_group_code", "cell", ["group_id", "code"], unique=True)
    op.create_table(
        "invitation",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["user_account.id"], name=op.f("fk_invitation_invited_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_invitation_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invitation_code_hash")),
        sa.UniqueConstraint("uid", name=op.f("uq_invitation_uid")),
    )
    op.create_index(op.f("ix_invitation_user_id"), "invitation", ["user_id"], unique=False)
    op.create_table(
        "match_run",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                "cancelled",
                name="runstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_asked", sa.Boolean(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user_account.id"], name=op.f("fk_match_run_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_match_run_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_run")),
        sa.UniqueConstraint("uid", name=op.f("uq_match_run_uid")),
    )
    op.create_index("ix_match_run_group_day", "match_run", ["group_id", "service_on"], unique=False)
    op.create_index(
        "uq_match_run_one_at_a_time",
        "match_run",
        ["group_id", "service_on"],
        unique=True,
        sqlite_where=sa.text("state IN ('queued', 'running')"),
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_table(
        "membership",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "coordinator",
                "driver",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_membership_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("uid", name=op.f("uq_membership_uid")),
        sa.UniqueConstraint(
            "user_id", "group_id", "role", name=op.f("uq_membership_user_id_group_id_role")
        ),
    )
    op.create_index(op.f("ix_membership_group_id"), "membership", ["group_id"], unique=False)
    op.create_table(
        "web_session",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_web_session_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_web_session_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_session_token_hash")),
        sa.UniqueConstraint("uid", name=op.f("uq_web_session_uid")),
    )
    op.create_index(op.f("ix_web_session_user_id"), "web_session", ["user_id"], unique=False)
    op.create_table(
        "place",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "home",
                "private",
                "meeting_point",
                "clinic",
                "school",
                "court",
                "shop",
                "work",
                "worship",
                "community",
                "other",
                name="placekind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("owner_uid", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_point", sa.LargeBinary(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(owner_uid IS NULL AND name IS NOT NULL AND latitude IS NOT NULL AND longitude IS NOT NULL AND sealed_address IS NULL AND sealed_point IS NULL) OR (owner_uid IS NOT NULL AND name IS NULL AND latitude IS NULL AND longitude IS NULL AND address IS NULL AND sealed_point IS NOT NULL)",
            name=op.f("ck_place_open_or_sealed"),
        ),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name=op.f("fk_place_cell_id")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_place_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("uid", name=op.f("uq_place_uid")),
    )
    op.create_index(op.f("ix_place_group_id"), "place", ["group_id"], unique=False)
    op.create_index(op.f("ix_place_owner_uid"), "place", ["owner_uid"], unique=False)
    op.create_table(
        "driver",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "paused",
                name="driverstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("start_place_id", sa.Integer(), nullable=False),
        sa.Column("end_place_id", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("child_seats", sa.Text(), nullable=False),
        sa.Column("wheelchair", sa.Boolean(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("car", sa.String(length=60), nullable=False),
        sa.Column("max_drive_minutes", sa.Integer(), nullable=True),
        sa.Column("max_rides_week", sa.Integer(), nullable=True),
        sa.Column("max_distance_km", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("seats BETWEEN 1 AND 20", name=op.f("ck_driver_a_car_has_seats")),
        sa.ForeignKeyConstraint(
            ["end_place_id"], ["place.id"], name=op.f("fk_driver_end_place_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_driver_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["start_place_id"], ["place.id"], name=op.f("fk_driver_start_place_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_driver_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_driver")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_driver_group_id_number")),
        sa.UniqueConstraint("group_id", "user_id", name=op.f("uq_driver_group_id_user_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_driver_uid")),
    )
    op.create_index(op.f("ix_driver_group_id"), "driver", ["group_id"], unique=False)
    op.create_index(op.f("ix_driver_user_id"), "driver", ["user_id"], unique=False)
    op.create_table(
        "family",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "left",
                name="familystate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("needs_language", sa.Boolean(), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_phone", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_notes", sa.LargeBinary(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("wheelchair", sa.Boolean(), nullable=False),
        sa.Column("child_seats", sa.Text(), nullable=False),
        sa.Column("adults", sa.Integer(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("shares_rides", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_family_group_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_family_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_family_group_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_family_uid")),
    )
    op.create_index(op.f("ix_family_group_id"), "family", ["group_id"], unique=False)
    op.create_table(
        "credential",
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "licence",
                "insurance",
                "background_check",
                "child_seat_training",
                name="credentialkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["driver_id"], ["driver.id"], name=op.f("fk_credential_driver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
        sa.UniqueConstraint("driver_id", "kind", name=op.f("uq_credential_driver_id_kind")),
        sa.UniqueConstraint("uid", name=op.f("uq_credential_uid")),
    )
    op.create_index(op.f("ix_credential_driver_id"), "credential", ["driver_id"], unique=False)
    op.create_table(
        "dated_availability",
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("starts_minute", sa.Integer(), nullable=False),
        sa.Column("ends_minute", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "starts_minute >= 0 AND starts_minute < ends_minute AND ends_minute <= 1440",
            name=op.f("ck_dated_availability_within_the_day"),
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["driver.id"], name=op.f("fk_dated_availability_driver_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dated_availability")),
        sa.UniqueConstraint("uid", name=op.f("uq_dated_availability_uid")),
    )
    op.create_index(
        op.f("ix_dated_availability_driver_id"), "dated_availability", ["driver_id"], unique=False
    )
    op.create_table(
        "day_off",
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_day_off_some_day")),
        sa.ForeignKeyConstraint(["driver_id"], ["driver.id"], name=op.f("fk_day_off_driver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_off")),
        sa.UniqueConstraint("uid", name=op.f("uq_day_off_uid")),
    )
    op.create_index(op.f("ix_day_off_driver_id"), "day_off", ["driver_id"], unique=False)
    op.create_table(
        "driver_wish",
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column(
            "wish",
            sa.Enum(
                "prefers",
                "never",
                name="wish",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["driver.id"], name=op.f("fk_driver_wish_driver_id")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name=op.f("fk_driver_wish_family_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_driver_wish")),
        sa.UniqueConstraint(
            "family_id", "driver_id", name=op.f("uq_driver_wish_family_id_driver_id")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_driver_wish_uid")),
    )
    op.create_index(op.f("ix_driver_wish_driver_id"), "driver_wish", ["driver_id"], unique=False)
    op.create_index(op.f("ix_driver_wish_family_id"), "driver_wish", ["family_id"], unique=False)
    op.create_table(
        "ride_request",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "medical",
                "school",
                "work",
                "legal",
                "food",
                "other",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "return_kind",
            sa.Enum(
                "none",
                "fixed",
                "wait",
                "will_call",
                name="returnkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("weekdays", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("except_on", sa.Text(), nullable=False),
        sa.Column("sealed_notes", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name=op.f("fk_ride_request_family_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_ride_request_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_ride_request_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ride_request")),
        sa.UniqueConstraint("form_token", name=op.f("uq_ride_request_form_token")),
        sa.UniqueConstraint("uid", name=op.f("uq_ride_request_uid")),
    )
    op.create_index(op.f("ix_ride_request_family_id"), "ride_request", ["family_id"], unique=False)
    op.create_index(op.f("ix_ride_request_group_id"), "ride_request", ["group_id"], unique=False)
    op.create_table(
        "rider",
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "adult",
                "child",
                "infant",
                "convertible",
                "booster",
                name="riderkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_rider_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rider")),
        sa.UniqueConstraint("uid", name=op.f("uq_rider_uid")),
    )
    op.create_index(op.f("ix_rider_family_id"), "rider", ["family_id"], unique=False)
    op.create_table(
        "weekly_availability",
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts_minute", sa.Integer(), nullable=False),
        sa.Column("ends_minute", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "starts_minute >= 0 AND starts_minute < ends_minute AND ends_minute <= 1440",
            name=op.f("ck_weekly_availability_within_the_day"),
        ),
        sa.CheckConstraint(
            "weekday BETWEEN 0 AND 6", name=op.f("ck_weekly_availability_a_weekday")
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["driver.id"], name=op.f("fk_weekly_availability_driver_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_availability")),
        sa.UniqueConstraint("uid", name=op.f("uq_weekly_availability_uid")),
    )
    op.create_index(
        op.f("ix_weekly_availability_driver_id"), "weekly_availability", ["driver_id"], unique=False
    )
    op.create_table(
        "ride",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column(
            "leg",
            sa.Enum(
                "outbound",
                "return",
                name="leg",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("outbound_id", sa.Integer(), nullable=True),
        sa.Column("with_outbound", sa.Boolean(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "willcall",
                "open",
                "offered",
                "accepted",
                "arrived",
                "onboard",
                "done",
                "noshow",
                "cancelled",
                name="ridestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("pickup_place_id", sa.Integer(), nullable=False),
        sa.Column("dropoff_place_id", sa.Integer(), nullable=False),
        sa.Column(
            "anchor",
            sa.Enum(
                "arrive_by",
                "leave_at",
                name="anchor",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("window_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wait_minutes", sa.Integer(), nullable=False),
        sa.Column("adults", sa.Integer(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("child_seats", sa.Text(), nullable=False),
        sa.Column("wheelchair", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column(
            "purpose",
            sa.Enum(
                "medical",
                "school",
                "work",
                "legal",
                "food",
                "other",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("cancel_reason", sa.String(length=24), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "window_starts_at IS NOT NULL OR state IN ('willcall', 'cancelled', 'open')",
            name=op.f("ck_ride_timed_unless_will_call"),
        ),
        sa.CheckConstraint(
            "(window_starts_at IS NULL) = (window_ends_at IS NULL)",
            name=op.f("ck_ride_whole_window"),
        ),
        sa.CheckConstraint(
            "adults >= 0 AND children >= 0 AND adults + children >= 1", name=op.f("ck_ride_a_party")
        ),
        sa.CheckConstraint(
            "window_starts_at <= window_ends_at", name=op.f("ck_ride_window_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["dropoff_place_id"], ["place.id"], name=op.f("fk_ride_dropoff_place_id")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_ride_family_id")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_ride_group_id")
        ),
        sa.ForeignKeyConstraint(["outbound_id"], ["ride.id"], name=op.f("fk_ride_outbound_id")),
        sa.ForeignKeyConstraint(
            ["pickup_place_id"], ["place.id"], name=op.f("fk_ride_pickup_place_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["ride_request.id"], name=op.f("fk_ride_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ride")),
        sa.UniqueConstraint(
            "request_id", "service_on", "leg", name=op.f("uq_ride_request_id_service_on_leg")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_ride_uid")),
    )
    op.create_index(op.f("ix_ride_family_id"), "ride", ["family_id"], unique=False)
    op.create_index("ix_ride_group_day", "ride", ["group_id", "service_on"], unique=False)
    op.create_index(op.f("ix_ride_outbound_id"), "ride", ["outbound_id"], unique=False)
    op.create_index(op.f("ix_ride_request_id"), "ride", ["request_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ride_offered",
                "ride_withdrawn",
                "ride_accepted",
                "ride_changed",
                "ride_cancelled",
                "ride_searching",
                name="messagekind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=True),
        sa.Column("ride_id", sa.Integer(), nullable=False),
        sa.Column("once", sa.String(length=80), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by_id", sa.Integer(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (family_id IS NULL)", name=op.f("ck_message_one_recipient")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_message_family_id")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_message_group_id")
        ),
        sa.ForeignKeyConstraint(["ride_id"], ["ride.id"], name=op.f("fk_message_ride_id")),
        sa.ForeignKeyConstraint(
            ["told_by_id"], ["user_account.id"], name=op.f("fk_message_told_by_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_message_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("once", name=op.f("uq_message_once")),
        sa.UniqueConstraint("uid", name=op.f("uq_message_uid")),
    )
    op.create_index(op.f("ix_message_family_id"), "message", ["family_id"], unique=False)
    op.create_index(op.f("ix_message_group_id"), "message", ["group_id"], unique=False)
    op.create_index(op.f("ix_message_ride_id"), "message", ["ride_id"], unique=False)
    op.create_index(op.f("ix_message_user_id"), "message", ["user_id"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("ride_id", sa.Integer(), nullable=False),
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "live",
                "approved",
                "declined",
                "superseded",
                name="proposalstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("pickup_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dropoff_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ride_version", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("pickup_at < dropoff_at", name=op.f("ck_proposal_in_order")),
        sa.ForeignKeyConstraint(["driver_id"], ["driver.id"], name=op.f("fk_proposal_driver_id")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_proposal_group_id")
        ),
        sa.ForeignKeyConstraint(["ride_id"], ["ride.id"], name=op.f("fk_proposal_ride_id")),
        sa.ForeignKeyConstraint(["run_id"], ["match_run.id"], name=op.f("fk_proposal_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("uid", name=op.f("uq_proposal_uid")),
    )
    op.create_index(op.f("ix_proposal_driver_id"), "proposal", ["driver_id"], unique=False)
    op.create_index(op.f("ix_proposal_ride_id"), "proposal", ["ride_id"], unique=False)
    op.create_index(op.f("ix_proposal_run_id"), "proposal", ["run_id"], unique=False)
    op.create_index(
        "uq_proposal_live",
        "proposal",
        ["ride_id"],
        unique=True,
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )
    op.create_table(
        "ride_event",
        sa.Column("ride_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "willcall",
                "open",
                "offered",
                "accepted",
                "arrived",
                "onboard",
                "done",
                "noshow",
                "cancelled",
                name="ridestate_before",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "willcall",
                "open",
                "offered",
                "accepted",
                "arrived",
                "onboard",
                "done",
                "noshow",
                "cancelled",
                name="ridestate_after",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_ride_event_by_id")),
        sa.ForeignKeyConstraint(["ride_id"], ["ride.id"], name=op.f("fk_ride_event_ride_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ride_event")),
        sa.UniqueConstraint("uid", name=op.f("uq_ride_event_uid")),
    )
    op.create_index(op.f("ix_ride_event_ride_id"), "ride_event", ["ride_id"], unique=False)
    op.create_table(
        "unserved",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("ride_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("relax", sa.Text(), nullable=True),
        sa.Column("ride_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["ride_id"], ["ride.id"], name=op.f("fk_unserved_ride_id")),
        sa.ForeignKeyConstraint(["run_id"], ["match_run.id"], name=op.f("fk_unserved_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unserved")),
        sa.UniqueConstraint("uid", name=op.f("uq_unserved_uid")),
    )
    op.create_index(op.f("ix_unserved_ride_id"), "unserved", ["ride_id"], unique=False)
    op.create_index(op.f("ix_unserved_run_id"), "unserved", ["run_id"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("ride_id", sa.Integer(), nullable=False),
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "accepted",
                "completed",
                "declined",
                "released",
                name="assignmentstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("pickup_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dropoff_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("pickup_at < busy_until", name=op.f("ck_assignment_some_time")),
        sa.CheckConstraint("pickup_at < dropoff_at", name=op.f("ck_assignment_in_order")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user_account.id"], name=op.f("fk_assignment_approved_by_id")
        ),
        sa.ForeignKeyConstraint(["driver_id"], ["driver.id"], name=op.f("fk_assignment_driver_id")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_assignment_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_assignment_proposal_id")
        ),
        sa.ForeignKeyConstraint(["ride_id"], ["ride.id"], name=op.f("fk_assignment_ride_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_assignment_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("uid", name=op.f("uq_assignment_uid")),
    )
    op.create_index(op.f("ix_assignment_driver_id"), "assignment", ["driver_id"], unique=False)
    op.create_index(op.f("ix_assignment_group_id"), "assignment", ["group_id"], unique=False)
    op.create_index(op.f("ix_assignment_ride_id"), "assignment", ["ride_id"], unique=False)
    op.create_index("ix_assignment_user_time", "assignment", ["user_id", "pickup_at"], unique=False)
    op.create_index(
        "uq_assignment_one_live_a_ride",
        "assignment",
        ["ride_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('offered', 'accepted', 'completed')"),
        postgresql_where=sa.text("state IN ('offered', 'accepted', 'completed')"),
    )
    op.create_table(
        "address_grant",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_address_grant_some_time")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_address_grant_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["driver.id"], name=op.f("fk_address_grant_driver_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_address_grant_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_grant")),
        sa.UniqueConstraint("uid", name=op.f("uq_address_grant_uid")),
    )
    op.create_index(
        op.f("ix_address_grant_assignment_id"), "address_grant", ["assignment_id"], unique=False
    )
    op.create_index(
        op.f("ix_address_grant_driver_id"), "address_grant", ["driver_id"], unique=False
    )
    op.create_index(op.f("ix_address_grant_place_id"), "address_grant", ["place_id"], unique=False)
    op.create_index(
        "uq_address_grant_live",
        "address_grant",
        ["place_id", "assignment_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    # ### end Alembic commands ###


def downgrade() -> None:
    """Drop them again."""

    op.drop_index(
        "uq_address_grant_live",
        table_name="address_grant",
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.drop_index(op.f("ix_address_grant_place_id"), table_name="address_grant")
    op.drop_index(op.f("ix_address_grant_driver_id"), table_name="address_grant")
    op.drop_index(op.f("ix_address_grant_assignment_id"), table_name="address_grant")
    op.drop_table("address_grant")
    op.drop_index(
        "uq_assignment_one_live_a_ride",
        table_name="assignment",
        sqlite_where=sa.text("state IN ('offered', 'accepted', 'completed')"),
        postgresql_where=sa.text("state IN ('offered', 'accepted', 'completed')"),
    )
    op.drop_index("ix_assignment_user_time", table_name="assignment")
    op.drop_index(op.f("ix_assignment_ride_id"), table_name="assignment")
    op.drop_index(op.f("ix_assignment_group_id"), table_name="assignment")
    op.drop_index(op.f("ix_assignment_driver_id"), table_name="assignment")
    op.drop_table("assignment")
    op.drop_index(op.f("ix_unserved_run_id"), table_name="unserved")
    op.drop_index(op.f("ix_unserved_ride_id"), table_name="unserved")
    op.drop_table("unserved")
    op.drop_index(op.f("ix_ride_event_ride_id"), table_name="ride_event")
    op.drop_table("ride_event")
    op.drop_index(
        "uq_proposal_live",
        table_name="proposal",
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )
    op.drop_index(op.f("ix_proposal_run_id"), table_name="proposal")
    op.drop_index(op.f("ix_proposal_ride_id"), table_name="proposal")
    op.drop_index(op.f("ix_proposal_driver_id"), table_name="proposal")
    op.drop_table("proposal")
    op.drop_index(op.f("ix_message_user_id"), table_name="message")
    op.drop_index(op.f("ix_message_ride_id"), table_name="message")
    op.drop_index(op.f("ix_message_group_id"), table_name="message")
    op.drop_index(op.f("ix_message_family_id"), table_name="message")
    op.drop_table("message")
    op.drop_index(op.f("ix_ride_request_id"), table_name="ride")
    op.drop_index(op.f("ix_ride_outbound_id"), table_name="ride")
    op.drop_index("ix_ride_group_day", table_name="ride")
    op.drop_index(op.f("ix_ride_family_id"), table_name="ride")
    op.drop_table("ride")
    op.drop_index(op.f("ix_weekly_availability_driver_id"), table_name="weekly_availability")
    op.drop_table("weekly_availability")
    op.drop_index(op.f("ix_rider_family_id"), table_name="rider")
    op.drop_table("rider")
    op.drop_index(op.f("ix_ride_request_group_id"), table_name="ride_request")
    op.drop_index(op.f("ix_ride_request_family_id"), table_name="ride_request")
    op.drop_table("ride_request")
    op.drop_index(op.f("ix_driver_wish_family_id"), table_name="driver_wish")
    op.drop_index(op.f("ix_driver_wish_driver_id"), table_name="driver_wish")
    op.drop_table("driver_wish")
    op.drop_index(op.f("ix_day_off_driver_id"), table_name="day_off")
    op.drop_table("day_off")
    op.drop_index(op.f("ix_dated_availability_driver_id"), table_name="dated_availability")
    op.drop_table("dated_availability")
    op.drop_index(op.f("ix_credential_driver_id"), table_name="credential")
    op.drop_table("credential")
    op.drop_index(op.f("ix_family_group_id"), table_name="family")
    op.drop_table("family")
    op.drop_index(op.f("ix_driver_user_id"), table_name="driver")
    op.drop_index(op.f("ix_driver_group_id"), table_name="driver")
    op.drop_table("driver")
    op.drop_index(op.f("ix_place_owner_uid"), table_name="place")
    op.drop_index(op.f("ix_place_group_id"), table_name="place")
    op.drop_table("place")
    op.drop_index(op.f("ix_web_session_user_id"), table_name="web_session")
    op.drop_table("web_session")
    op.drop_index(op.f("ix_membership_group_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index(
        "uq_match_run_one_at_a_time",
        table_name="match_run",
        sqlite_where=sa.text("state IN ('queued', 'running')"),
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.drop_index("ix_match_run_group_day", table_name="match_run")
    op.drop_table("match_run")
    op.drop_index(op.f("ix_invitation_user_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_index("uq_cell_group_code", table_name="cell")
    op.drop_table("cell")
    op.drop_table("user_account")
    op.drop_index(op.f("ix_sign_in_failure_digest"), table_name="sign_in_failure")
    op.drop_table("sign_in_failure")
    op.drop_table("community_group")
    op.drop_index("ix_audit_event_object", table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_group_uid"), table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_family_uid"), table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_actor_uid"), table_name="audit_event")
    op.drop_table("audit_event")
    # ### end Alembic commands ###
