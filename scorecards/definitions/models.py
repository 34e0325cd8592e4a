"""The shapes of a KPI, a record type and a partnership; frozen, typed, nothing defaulting silently."""

import datetime
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from scorecards.definitions.breaks import LocalBreak, SeriesBreak
from scorecards.definitions.data_sets import DataSet
from scorecards.definitions.groupings import JourneyStage, Priority, Theme
from scorecards.definitions.measure_models import Measure, Model
from scorecards.definitions.rule_models import RuleBetween
from scorecards.definitions.words import normalise

WindowKind = Literal[
    "month", "quarter", "half_year", "term", "financial_year", "academic_year", "date", "rolling_12_months"
]
Polarity = Literal["higher", "lower", "band", "context"]
# What a figure tells of: how much was done, how well, or whether anybody is better off.
Evidence = Literal["quantity", "quality", "outcome"]
Unit = Literal["count", "percent", "per_100", "per_10000", "days", "working_days"]
# How a figure of a longer time comes from shorter ones; "recompute" means it never does.
Aggregation = Literal["sum", "pool", "latest", "recompute"]
Basis = Literal["councils", "statutory", "national", "local"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Thresholds(Model):
    """Green at or better than `green`, amber to `amber`, red beyond; `basis` says what kind of line it is."""

    green: float
    amber: float
    basis: Basis
    source: Text

    def are_in_order(self, polarity: Polarity) -> bool:
        """Return whether green is at least as good as amber."""
        return self.green >= self.amber if polarity == "higher" else self.green <= self.amber


class BandThresholds(Model):
    """Green inside the inner band, amber inside the outer band, red outside both."""

    green_low: float
    green_high: float
    amber_low: float
    amber_high: float
    basis: Basis
    source: Text

    def are_in_order(self, polarity: Polarity) -> bool:  # noqa: ARG002 (asked alike of both shapes)
        """Return whether the green band lies inside the amber band."""
        return self.amber_low <= self.green_low <= self.green_high <= self.amber_high


class Windows(Model):
    """The kinds of period a KPI is computed for, and which of them is judged by RAG and by SPC."""

    shown: tuple[WindowKind, ...]
    judged: WindowKind
    pattern: WindowKind

    @model_validator(mode="after")
    def _judged_are_shown(self):
        for name in ("judged", "pattern"):
            if getattr(self, name) not in self.shown:
                raise ValueError(f"{name} is '{getattr(self, name)}', which is not among those shown")
        if self.pattern == "rolling_12_months":
            raise ValueError("pattern may not be rolling_12_months: overlapping periods look like change by themselves")
        return self


class Benchmark(Model):
    """Which published measure this KPI may be compared with, and for which window that is fair."""

    published_id: str
    window: WindowKind
    note: str


class Kpi(Model):
    id: str
    title: Text
    why: Text
    definition: Text
    themes: tuple[str, ...] = Field(min_length=1)
    priorities: tuple[str, ...] = ()  # which strategic priorities it serves
    evidence: Evidence | None = None  # frozen definitions of an earlier time do not say it; those in force must
    measure: Measure
    unit: Unit
    counts: Text  # the noun of what is counted: "children", "plans"
    decimals: int = Field(ge=0, le=3)
    polarity: Polarity
    windows: Windows
    breakdowns: tuple[str, ...]
    aggregation: Aggregation
    thresholds: Thresholds | BandThresholds | None
    benchmark: Benchmark | None
    breaks: tuple[SeriesBreak, ...] = ()  # the oldest first, the partnership's own among them
    companions: tuple[str, ...] = ()
    compared_with: str | None = None  # the wider KPI whose groups these are set beside where no population is held
    owner: Text
    caveats: Text
    questions: tuple[Text, ...] = Field(min_length=1)
    reviewed: datetime.date

    def misfit(self, thresholds: Thresholds | BandThresholds) -> str | None:
        """Return why `thresholds` cannot judge this KPI, as a clause, or None when they can."""
        is_band = isinstance(thresholds, BandThresholds)
        if self.polarity == "context":
            return "a context KPI has no good direction, so it has no thresholds"
        if is_band != (self.polarity == "band"):
            settings = "green and amber" if is_band else "green_low, green_high, amber_low and amber_high"
            return f"the polarity is {self.polarity}, so give {settings}"
        if not thresholds.are_in_order(self.polarity):
            return f"the polarity is {self.polarity}, and for that green and amber stand the wrong way round"
        return None


ColumnType = Literal[
    "child",  # the child's identifier: becomes a keyed hash
    "reference",  # any other identifier: becomes a keyed hash
    "birth",  # date of birth: becomes age at the event and a month
    "date",
    "datetime",  # a day, and a minute where the sender gives one
    "code",
    "codes",  # several codes of a list in one cell
    "yes_no",
    "whole_number",
    "number",
    "kpi",  # the id or title of a KPI
    "period",  # the name of a period
    "text",  # a short public word, such as a team or a provider
    "locality",
    "drop",  # recognised, never stored
]


class Column(Model):
    title: Text
    type: ColumnType
    required: bool
    headings: tuple[str, ...] = Field(min_length=1)
    codes: str | None = None  # the code list, for a code or codes
    # A yes or no that a column of several codes tells: yes where the cell has any of these codes.
    told_by: str | None = None
    any_of: tuple[str, ...] = ()
    places: Literal["team", "district", "provider"] | None = None  # helps to find the locality
    guidance: Text = ""

    @model_validator(mode="after")
    def _codes_for_codes(self):
        if (self.type in ("code", "codes")) != (self.codes is not None):
            raise ValueError("codes names a code list, and stands on columns of type code or codes only")
        return self

    @model_validator(mode="after")
    def _told_by_codes(self):
        if (self.told_by is None) != (not self.any_of) or (self.told_by and self.type != "yes_no"):
            raise ValueError("told_by and any_of stand together, and on columns of type yes_no only")
        return self


class Rule(Model):
    """A relation between two date columns of one row, with what happens when it is broken."""

    column: str
    not_before: str
    severity: Literal["error", "warning"]
    says: Text


class Code(Model):
    label: Text
    group: Text | None = None
    aliases: tuple[str, ...] = ()


class CodeList(Model):
    title: Text
    codes: dict[str, Code]
    alias_file: str | None = None
    aliases: dict[str, str] = Field(default_factory=dict)  # filled from alias_file: as typed -> code

    @cached_property
    def by_form(self) -> dict[str, str]:
        """Return every known form, normalised, and the code it stands for."""
        forms = {normalise(alias): code for alias, code in self.aliases.items()}
        for code, entry in self.codes.items():
            for form in (*entry.aliases, entry.label, code):
                forms[normalise(form)] = code
        return forms


class Form(Model):
    """A table of a national return that fills a list: which of its headings is which column, and what it leaves unsaid.

    Its headings are too general to be aliases: in any other table "CHILD" is a column of names.
    """

    title: Text
    sent_by: str
    columns: dict[str, Text] = Field(min_length=2)  # column -> heading
    means: dict[str, Text] = Field(default_factory=dict)  # column -> the code that holds for every row
    says: Text  # what is told to whoever loads it


class RecordType(Model):
    id: str
    title: Text
    one_row_is: Text
    sent_by: tuple[str, ...] = Field(min_length=1)
    key: tuple[str, ...] = Field(min_length=1)
    dated_by: str | None
    replaces: Literal["event", "episode", "key"]
    ended_by: str | None = None
    columns: dict[str, Column]
    rules: tuple[Rule, ...] = ()
    same_row_as: str | None = None  # filled from the same sheet as another record type
    annex_a_list: int | None = None
    forms: tuple[Form, ...] = ()
    stands_at: str | None = None  # the day of a list that says what stands on a day; else the last day covered
    may_be_latest_only: bool = False  # a sender may give each child's latest row alone, as list 7 of Annex A does

    @cached_property
    def child_column(self) -> str | None:
        return next((name for name, column in self.columns.items() if column.type == "child"), None)


class Unused(Model):
    """A list that is recognised by its headings and not used yet."""

    title: Text
    headings: tuple[str, ...] = Field(min_length=2)


class Agency(Model):
    title: Text
    email: Text | None = None  # where chasers go; a mailbox of the agency, not of a person


class Escalation(Model):
    """After how many days a return that is not here is told to somebody above, and to whom."""

    days_late: int = Field(default=20, ge=1)
    to: Text = "the chair of the partnership"
    email: Text | None = None


class LeadAgency(Model):
    """From `from` on, only this agency's rows of the record type count."""

    records: str
    agency: str
    from_: datetime.date = Field(alias="from")


class Locality(Model):
    title: Text
    aliases: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    tile: tuple[Annotated[int, Field(ge=1, le=12)], Annotated[int, Field(ge=1, le=12)]] | None = None  # column, row


class Population(Model):
    """Children aged 0 to 17 at a mid-year, in the whole area or one locality, as one release gave it."""

    area: str  # "partnership" or a locality
    mid_year: int
    children_0_17: int = Field(gt=0)
    release: Text


class GroupPopulation(Model):
    """Children of one group (an ethnic group, girls, disabled children) at a mid-year; all groups of it are given."""

    area: str = "partnership"
    breakdown: str  # ethnicity, sex, disability or age_band
    group: Text  # the code or its label; yes and no; an age band
    mid_year: int
    children: int = Field(gt=0)
    source: Text


class ExpectedReturn(Model):
    """What an agency is to send, how often, and how many days after the period it is due."""

    agency: str
    records: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()
    every: Literal["month", "quarter", "term"]
    due_days_after: int = Field(ge=0)
    from_: datetime.date = Field(alias="from")

    @model_validator(mode="after")
    def _something_is_expected(self):
        if not self.records and not self.kpis:
            raise ValueError("give records (lists), kpis (aggregates), or both")
        return self


class Target(Model):
    """What the partnership agreed, from a date on; it overrides a KPI's thresholds."""

    kpi: str
    from_: datetime.date = Field(alias="from")
    green: float | None = None
    amber: float | None = None
    green_low: float | None = None
    green_high: float | None = None
    amber_low: float | None = None
    amber_high: float | None = None
    agreed_by: Text

    @model_validator(mode="after")
    def _one_shape(self):
        line = (self.green, self.amber)
        band = (self.green_low, self.green_high, self.amber_low, self.amber_high)
        if (None in line) == (None in band):
            raise ValueError("give green and amber, or green_low, green_high, amber_low and amber_high")
        return self

    @property
    def thresholds(self) -> Thresholds | BandThresholds:
        lines = self.model_dump(include={*Thresholds.model_fields, *BandThresholds.model_fields}, exclude_none=True)
        shape = Thresholds if "green" in lines else BandThresholds
        return shape(**lines, basis="local", source=self.agreed_by)


class Checked(Model):
    """A check of one KPI's figures against something else, by somebody in a role, on a day."""

    kpi: str
    on: datetime.date
    by: Text  # a role, such as the data analyst: no name
    compared: Text  # what was set against what: "20 cases in the case system"
    outcome: Literal["agreed", "agreed after correction", "did not agree"]
    note: Text | None = None


class Partnership(Model):
    name: Text
    short_name: Text
    is_fictional: bool
    handling: Text
    first_day: datetime.date  # periods are made from here on
    agencies: dict[str, Agency]
    lead_agencies: tuple[LeadAgency, ...]
    localities: dict[str, Locality]
    populations: tuple[Population, ...]
    group_populations: tuple[GroupPopulation, ...] = ()
    returns: tuple[ExpectedReturn, ...]
    themes: tuple[Theme, ...] = Field(min_length=1)
    priorities: tuple[Priority, ...] = ()
    data_sets: tuple[DataSet, ...] = ()
    journey: tuple[JourneyStage, ...] = ()  # its decision points, in order
    targets: tuple[Target, ...] = ()
    checked: tuple[Checked, ...] = ()
    breaks: tuple[LocalBreak, ...] = ()
    mailbox: Text | None = None  # where agencies answer to
    area_code: Text | None = None  # the council's code of the statistics office, to compare it with other councils
    neighbours: Literal["median", "mean"] = "median"  # how the middle of the statistical neighbours is taken
    keep_originals_days: int = Field(default=400, ge=1)  # partners' files, encrypted, before they are purged
    escalation: Escalation = Field(default_factory=Escalation)

    @property
    def compared_area(self) -> str | None:
        """Return the code of the council to compare with others; a fictional place is compared with none."""
        return None if self.is_fictional else self.area_code

    def lead_agency(self, records: str, day: datetime.date) -> str | None:
        """Return the agency whose rows of `records` count on `day`, or None when none is named."""
        held = [lead for lead in self.lead_agencies if lead.records == records and lead.from_ <= day]
        return max(held, key=lambda lead: lead.from_).agency if held else None


class Definitions(Model):
    """Everything that is defined, and a hash of it that changes when any word of it does."""

    kpis: dict[str, Kpi]
    record_types: dict[str, RecordType]
    code_lists: dict[str, CodeList]
    unused_lists: dict[str, Unused]
    partnership: Partnership
    version: str
    rules_between: dict[str, RuleBetween] = Field(default_factory=dict)

    def thresholds(self, kpi: Kpi, day: datetime.date) -> tuple[Thresholds | BandThresholds | None, Target | None]:
        """Return the thresholds that hold on `day` and the agreed target they come from, if any."""
        agreed = [target for target in self.partnership.targets if target.kpi == kpi.id and target.from_ <= day]
        if not agreed:
            return kpi.thresholds, None
        newest = max(agreed, key=lambda target: target.from_)
        return newest.thresholds, newest

    def checks_of(self, kpi: Kpi) -> tuple[Checked, ...]:
        """Return the checks of a KPI's figures, the newest first."""
        ours = [one for one in self.partnership.checked if one.kpi == kpi.id]
        return tuple(sorted(ours, key=lambda one: one.on, reverse=True))

    def theme(self, theme_id: str) -> Theme | None:
        return next((theme for theme in self.partnership.themes if theme.id == theme_id), None)

    def priorities_of(self, kpi: Kpi) -> tuple[Priority, ...]:
        """Return the strategic priorities that `kpi` serves, in the partnership's order."""
        return tuple(one for one in self.partnership.priorities if one.id in kpi.priorities)

    def code_list(self, record_type: str, column: str) -> CodeList | None:
        codes = self.record_types[record_type].columns[column].codes
        return self.code_lists[codes] if codes else None


Breakdown = str
