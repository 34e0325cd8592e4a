"""The first fixed tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("data_version", sa.Integer(), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "calendar",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("working_day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar")),
    )
    op.create_table(
        "calendar_months",
        sa.Column("months", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("earlier", sa.Integer(), nullable=False),
        sa.Column("later", sa.Integer(), nullable=False),
        sa.Column("latest_start", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("months", "day", name=op.f("pk_calendar_months")),
    )
    op.create_table(
        "data_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_version")),
    )
    op.create_table(
        "period",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=False),
        sa.Column("end_day", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period")),
    )
    op.create_index(op.f("ix_period_kind_first_day"), "period", ["kind", "first_day"], unique=False)
    op.create_table(
        "population",
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("mid_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("release", sa.String(length=120), nullable=False),
        sa.Column("children_0_17", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("area", "mid_year", "release", name=op.f("pk_population")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "kpi_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kpi", sa.String(length=80), nullable=False),
        sa.Column("window", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=24), nullable=False),
        sa.Column("breakdown", sa.String(length=40), nullable=False),
        sa.Column("grp", sa.String(length=120), nullable=False),
        sa.Column("numerator", sa.Float(), nullable=True),
        sa.Column("denominator", sa.Float(), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("excluded", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("note", sa.String(length=60), nullable=False),
        sa.Column("fed_by", sa.String(length=12), nullable=False),
        sa.Column("definition", sa.String(length=16), nullable=False),
        sa.Column("landed_in", sa.Integer(), nullable=False),
        sa.Column("superseded_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["landed_in"], ["data_version.id"], name=op.f("fk_kpi_value_landed_in")),
        sa.ForeignKeyConstraint(["superseded_in"], ["data_version.id"], name=op.f("fk_kpi_value_superseded_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_value")),
    )
    op.create_index(
        op.f("ix_kpi_value_kpi_window_breakdown"), "kpi_value", ["kpi", "window", "breakdown"], unique=False
    )
    op.create_index(
        op.f("ix_kpi_value_superseded_in_kpi_window"),
        "kpi_value",
        ["superseded_in", "kpi", "window"],
        unique=False,
    )
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=24), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("data_version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["data_version"], ["data_version.id"], name=op.f("fk_snapshot_data_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("period", "made_at", name=op.f("uq_snapshot_period_made_at")),
    )
    op.create_table(
        "source_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("landed_in", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["landed_in"], ["data_version.id"], name=op.f("fk_source_file_landed_in")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_source_file")),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(length=60), nullable=False),
        sa.Column("record_type", sa.String(length=60), nullable=False),
        sa.Column("covers_from", sa.Integer(), nullable=True),
        sa.Column("covers_to", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_landed", sa.Integer(), nullable=False),
        sa.Column("rows_refused", sa.Integer(), nullable=False),
        sa.Column("rows_ignored", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Integer(), nullable=False),
        sa.Column("received_by", sa.String(length=120), nullable=False),
        sa.Column("landed_in", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["landed_in"], ["data_version.id"], name=op.f("fk_submission_landed_in")),
        sa.ForeignKeyConstraint(["sha256"], ["source_file.sha256"], name=op.f("fk_submission_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
    )
    op.create_index(op.f("ix_submission_record_type_agency"), "submission", ["record_type", "agency"], unique=False)
    op.create_table(
        "problem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.Column("cell", sa.String(length=16), nullable=True),
        sa.Column("heading", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_problem_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem")),
    )
    # ### end Alembic commands ###
