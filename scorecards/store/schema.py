"""The fixed tables: versions, submissions, figures, snapshots. List tables come from `record_types.yaml`."""

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

# Every constraint is named: an unnamed one cannot be dropped on SQLite by a later migration.
fixed = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Days are proleptic ordinals (1 = 1 January of year 1), as `date.toordinal` gives them.
setting = Table("setting", fixed, Column("name", String(60), primary_key=True), Column("value", Text, nullable=False))

data_version = Table(
    "data_version",
    fixed,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("made_at", String(32), nullable=False),  # ISO, UTC
    Column("made_by", String(120), nullable=False),
    Column("what", Text, nullable=False),
)

source_file = Table(
    "source_file",
    fixed,
    Column("sha256", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("landed_in", Integer, ForeignKey("data_version.id"), nullable=False),
)

# A partner's file as it came, encrypted under a key that stands outside the database; gone after its retention date.
original = Table(
    "original",
    fixed,
    Column("sha256", String(64), ForeignKey("source_file.sha256"), primary_key=True),
    Column("token", LargeBinary, nullable=False),  # Fernet
    Column("kept_on", Integer, nullable=False),  # the day
    Column("keep_until", Integer, nullable=False),  # the last day on which it may be fetched
)

submission = Table(
    "submission",
    fixed,
    Column("id", Integer, primary_key=True),
    Column("agency", String(60), nullable=False),
    Column("record_type", String(60), nullable=False),
    Column("covers_from", Integer),  # first day covered; null for aggregates
    Column("covers_to", Integer),  # the day after the last day covered
    Column("sha256", String(64), ForeignKey("source_file.sha256"), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("rows_read", Integer, nullable=False),
    Column("rows_landed", Integer, nullable=False),
    Column("rows_refused", Integer, nullable=False),
    Column("rows_ignored", Integer, nullable=False),
    Column("received_on", Integer, nullable=False),  # the day
    Column("received_by", String(120), nullable=False),
    Column("landed_in", Integer, ForeignKey("data_version.id"), nullable=False),
    # How it came: as a file with headings of ours, in a template, through a taught layout, or typed in.
    Column("source", String(12)),  # file, template, layout, typed; null: file
    Column("period", String(24)),  # the period that a template or a typed return is for
    Column("asked", Text),  # JSON list of the record types and "kpi:" + id that its template asked for
    Column("layout", String(16)),  # the hash of layout_used
    Column("note", Text),  # what the analyst wrote beside typed figures; never about a child
    # What it sent beyond its own rows, so that withdrawing it, or another, finds back what would be there without it.
    Column("follows", String(60)),  # the column whose days its cover is about; null: the list's own dating column
    Column("columns", Text),  # JSON list of the columns that its sheet had; null: not recorded
    Column("confirmed", Text),  # JSON runs [row id, sheet row, count] of rows sent as they stood; null: not recorded
    Index(None, "record_type", "agency"),
)

# A submission taken back: its rows were superseded in `landed_in`, and copies of what it had superseded landed there.
withdrawal = Table(
    "withdrawal",
    fixed,
    Column("submission_id", Integer, ForeignKey("submission.id"), primary_key=True, autoincrement=False),
    Column("why", Text, nullable=False),
    Column("landed_in", Integer, ForeignKey("data_version.id"), nullable=False),
)

# The words of each taught layout that rows were read through: they explain a figure after the layout was changed.
layout_used = Table(
    "layout_used",
    fixed,
    Column("hash", String(16), primary_key=True),
    Column("agency", String(60), nullable=False),
    Column("name", String(80), nullable=False),
    Column("body", Text, nullable=False),  # YAML
    Column("first_used_in", Integer, ForeignKey("data_version.id"), nullable=False),
)

problem = Table(
    "problem",
    fixed,
    Column("id", Integer, primary_key=True),
    Column("submission_id", Integer, ForeignKey("submission.id"), nullable=False),
    Column("code", String(60), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("sheet", Text),
    Column("cell", Text),  # an address, or a place in words: "Child 12, CIN 1, Plan 1, line 57"
    Column("heading", Text),
    Column("value", Text),  # never from an identifying or unknown column
    Column("sentence", Text, nullable=False),
    Column("advice", Text, nullable=False),
    Column("rows", Integer),  # how many rows have it, `cell` being the first of them; null: one
    Column("passed_why", Text),  # the reason recorded for landing it all the same
    Column("passed_by", String(120)),
)

# What an agency said it cannot send, and when it will; the newest line of an item that was not taken back holds.
not_supplied = Table(
    "not_supplied",
    fixed,
    Column("id", Integer, primary_key=True),
    Column("agency", String(60), nullable=False),
    Column("period", String(24), nullable=False),
    Column("item", String(90), nullable=False),  # a record type, "kpi:" + id, or "" for the whole return
    Column("reason", Text, nullable=False),
    Column("expected_on", Integer),  # the day
    Column("recorded_by", String(120), nullable=False),
    Column("recorded_at", String(32), nullable=False),
    Column("taken_back_at", String(32)),
    Index(None, "agency", "period"),
)

# Each time an agency was asked for what is missing, and each time somebody above it was told.
chaser = Table(
    "chaser",
    fixed,
    Column("id", Integer, primary_key=True),
    Column("agency", String(60), nullable=False),
    Column("period", String(24), nullable=False),
    Column("kind", String(12), nullable=False),  # reminder or escalation
    Column("how", String(12), nullable=False),  # email, call or meeting
    Column("sent_on", Integer, nullable=False),  # the day
    Column("note", Text, nullable=False),
    Column("recorded_by", String(120), nullable=False),
    Column("recorded_at", String(32), nullable=False),
    Index(None, "agency", "period"),
)

audit = Table(
    "audit",
    fixed,
    Column("id", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("who", String(120), nullable=False),
    Column("what", Text, nullable=False),
    Column("data_version", Integer),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

calendar = Table(
    "calendar",
    fixed,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("working_day", Integer, nullable=False),  # working days up to and including this day
)

calendar_months = Table(
    "calendar_months",
    fixed,
    Column("months", Integer, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("earlier", Integer, nullable=False),  # the day that many calendar months before
    Column("later", Integer, nullable=False),  # the day that many calendar months after
    Column("latest_start", Integer, nullable=False),  # the last day from which that many months have passed
)

period = Table(
    "period",
    fixed,
    Column("id", String(24), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("first_day", Integer, nullable=False),
    Column("end_day", Integer, nullable=False),  # the day after the last
    Column("label", Text, nullable=False),
    Index(None, "kind", "first_day"),
)

population = Table(
    "population",
    fixed,
    Column("area", String(60), primary_key=True),
    Column("mid_year", Integer, primary_key=True, autoincrement=False),
    Column("release", String(120), primary_key=True),
    Column("children_0_17", Integer, nullable=False),
)

# What others published, as a release had it. A row is never changed: another release stands beside it.
published_source = Table(
    "published_source",
    fixed,
    Column("id", Integer, primary_key=True),
    Column("table_id", String(60), nullable=False),  # of published_tables.yaml
    Column("title", Text, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("release", String(20), nullable=False),  # of neighbours, the model
    Column("file_name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("landed_in", Integer, ForeignKey("data_version.id"), nullable=False),
)

published_value = Table(
    "published_value",
    fixed,
    Column("measure", String(80), primary_key=True),
    Column("area", String(9), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),  # ending on 31 March
    Column("release", String(20), primary_key=True),
    Column("level", String(10), nullable=False),  # country, region or council
    Column("value", Float),  # null where the status says why
    Column("status", String(20), nullable=False),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("source_id", Integer, ForeignKey("published_source.id"), nullable=False),
    Index(None, "area", "measure"),
)

published_population = Table(
    "published_population",
    fixed,
    Column("area", String(9), primary_key=True),
    Column("age_band", String(10), primary_key=True),
    Column("mid_year", Integer, primary_key=True, autoincrement=False),
    Column("release", String(20), primary_key=True),
    Column("level", String(10), nullable=False),
    Column("value", Integer),
    Column("status", String(20), nullable=False),
    Column("source_id", Integer, ForeignKey("published_source.id"), nullable=False),
)

neighbour_set = Table(
    "neighbour_set",
    fixed,
    Column("model", String(20), primary_key=True),
    Column("area", String(9), primary_key=True),
    Column("rank", Integer, primary_key=True, autoincrement=False),  # 1 is the nearest
    Column("neighbour", String(9), nullable=False),
    Column("source_id", Integer, ForeignKey("published_source.id"), nullable=False),
    UniqueConstraint("model", "area", "neighbour"),
)

kpi_value = Table(
    "kpi_value",
    fixed,
    Column("id", Integer, primary_key=True),
    Column("kpi", String(80), nullable=False),
    Column("window", String(20), nullable=False),
    Column("period", String(24), nullable=False),
    Column("breakdown", String(40), nullable=False),  # "" for the whole partnership
    Column("grp", String(120), nullable=False),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("value", Float),
    Column("excluded", Integer, nullable=False),
    Column("status", String(24), nullable=False),
    Column("note", String(60), nullable=False),
    Column("fed_by", String(12), nullable=False),  # list, aggregate, counter or nothing
    Column("definition", String(16), nullable=False),
    Column("landed_in", Integer, ForeignKey("data_version.id"), nullable=False),
    Column("superseded_in", Integer, ForeignKey("data_version.id")),
    Index(None, "superseded_in", "kpi", "window"),
    Index(None, "kpi", "window", "breakdown"),
)

snapshot = Table(
    "snapshot",
    fixed,
    Column("id", Integer, primary_key=True),
    Column("period", String(24), nullable=False),
    Column("title", Text, nullable=False),
    Column("made_at", String(32), nullable=False),
    Column("made_by", String(120), nullable=False),
    Column("data_version", Integer, ForeignKey("data_version.id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON
    UniqueConstraint("period", "made_at"),
)
