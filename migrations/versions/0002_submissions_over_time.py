"""Originals, withdrawals, taught layouts, what is not supplied, and chasers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    # Columns without a constraint: SQLite adds them in place, and no table is made anew.
    for column in (
        sa.Column("source", sa.String(length=12)),
        sa.Column("period", sa.String(length=24)),
        sa.Column("asked", sa.Text()),
        sa.Column("layout", sa.String(length=16)),
        sa.Column("note", sa.Text()),
        sa.Column("follows", sa.String(length=60)),
        sa.Column("columns", sa.Text()),
        sa.Column("confirmed", sa.Text()),
    ):
        op.add_column("submission", column)
    for column in (
        sa.Column("rows", sa.Integer()),
        sa.Column("passed_why", sa.Text()),
        sa.Column("passed_by", sa.String(length=120)),
    ):
        op.add_column("problem", column)
    if op.get_bind().dialect.name == "postgresql":
        # A place in a return in XML is told in words. SQLite holds a text to no length.
        op.alter_column("problem", "cell", type_=sa.Text())
    op.create_table(
        "original",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("kept_on", sa.Integer(), nullable=False),
        sa.Column("keep_until", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["source_file.sha256"], name=op.f("fk_original_sha256")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_original")),
    )
    op.create_table(
        "withdrawal",
        sa.Column("submission_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("landed_in", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["landed_in"], ["data_version.id"], name=op.f("fk_withdrawal_landed_in")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_withdrawal_submission_id")),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_withdrawal")),
    )
    op.create_table(
        "layout_used",
        sa.Column("hash", sa.String(length=16), nullable=False),
        sa.Column("agency", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("first_used_in", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["first_used_in"], ["data_version.id"], name=op.f("fk_layout_used_first_used_in")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_layout_used")),
    )
    op.create_table(
        "not_supplied",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(length=60), nullable=False),
        sa.Column("period", sa.String(length=24), nullable=False),
        sa.Column("item", sa.String(length=90), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expected_on", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.Column("taken_back_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_supplied")),
    )
    op.create_index(op.f("ix_not_supplied_agency_period"), "not_supplied", ["agency", "period"], unique=False)
    op.create_table(
        "chaser",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(length=60), nullable=False),
        sa.Column("period", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("sent_on", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chaser")),
    )
    op.create_index(op.f("ix_chaser_agency_period"), "chaser", ["agency", "period"], unique=False)
    _keep_audit_unchanged(op.get_bind().dialect.name)


def _keep_audit_unchanged(database):
    """Have the database itself refuse changes to the audit log; a table made anew needs its triggers again."""
    if database == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'The audit log is never changed.'; END $$"
        )
    for verb in ("UPDATE", "DELETE", *(("TRUNCATE",) if database == "postgresql" else ())):
        does = (
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_never_changed()"
            if database == "postgresql"
            else "BEGIN SELECT RAISE(ABORT, 'The audit log is never changed.'); END"
        )
        op.execute(f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit {does}")
    if database == "sqlite":
        # INSERT OR REPLACE takes a line away without a DELETE.
        op.execute(
            "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit "
            "WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) "
            "BEGIN SELECT RAISE(ABORT, 'The audit log is never changed.'); END"
        )
