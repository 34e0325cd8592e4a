"""Published figures with the release they come from, statistical neighbours and populations."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "published_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.String(length=60), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("release", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("landed_in", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["landed_in"], ["data_version.id"], name=op.f("fk_published_source_landed_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_source")),
    )
    op.create_table(
        "published_value",
        sa.Column("measure", sa.String(length=80), nullable=False),
        sa.Column("area", sa.String(length=9), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("release", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("numerator", sa.Float(), nullable=True),
        sa.Column("denominator", sa.Float(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["published_source.id"], name=op.f("fk_published_value_source_id")),
        sa.PrimaryKeyConstraint("measure", "area", "year", "release", name=op.f("pk_published_value")),
    )
    op.create_index(op.f("ix_published_value_area_measure"), "published_value", ["area", "measure"], unique=False)
    op.create_table(
        "published_population",
        sa.Column("area", sa.String(length=9), nullable=False),
        sa.Column("age_band", sa.String(length=10), nullable=False),
        sa.Column("mid_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("release", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["published_source.id"], name=op.f("fk_published_population_source_id")),
        sa.PrimaryKeyConstraint("area", "age_band", "mid_year", "release", name=op.f("pk_published_population")),
    )
    op.create_table(
        "neighbour_set",
        sa.Column("model", sa.String(length=20), nullable=False),
        sa.Column("area", sa.String(length=9), nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("neighbour", sa.String(length=9), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["published_source.id"], name=op.f("fk_neighbour_set_source_id")),
        sa.PrimaryKeyConstraint("model", "area", "rank", name=op.f("pk_neighbour_set")),
        sa.UniqueConstraint("model", "area", "neighbour", name=op.f("uq_neighbour_set_model")),
    )
