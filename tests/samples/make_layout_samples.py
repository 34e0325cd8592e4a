"""Draws twelve partners' returns as they come, for two quarters each, and writes down which figures stand in them.

No figure here goes through the loaders: each is put into a cell and into the list of what is expected at once.
`python -m tests.samples.make_layout_samples FOLDER` writes the files to look at.
"""

import csv
import datetime
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

LAYOUTS = Path(__file__).with_name("layouts")
MADE = datetime.datetime(2025, 10, 14)
FIRST, SECOND = 1, 2
MONTHS = {4: "Apr", 5: "May", 6: "Jun", 7: "Jul", 8: "Aug", 9: "Sep"}


@dataclass(frozen=True)
class Expected:
    """One cell that gives a number, or says why there is none, and what it is a figure of."""

    sheet: str
    cell: str
    kpi: str
    period: str
    number: float | str
    part: str = "numerator"
    area: str = "partnership"
    provider: str | None = None
    breakdown: str | None = None
    group: str | None = None
    basis: str | None = None
    available_from: str | None = None


@dataclass
class Drawn:
    """Sheets as cells by place, each with the format in which Excel shows it, and the figures among them."""

    cells: dict[str, dict[tuple[int, int], tuple[object, str]]] = field(default_factory=dict)
    merged: list[tuple[str, tuple[int, int, int, int]]] = field(default_factory=list)
    figures: list[Expected] = field(default_factory=list)
    sheet: str = ""

    def on(self, sheet: str) -> "Drawn":
        self.sheet = sheet
        self.cells.setdefault(sheet, {})
        return self

    def put(self, row: int, column: int, value: object, shown: str = "") -> None:
        """Write a cell; rows are counted as Excel does, columns from zero."""
        self.cells[self.sheet][row, column] = (value, shown)

    def line(self, row: int, *values: object, start: int = 0) -> None:
        for column, value in enumerate(values, start):
            if value is not None:
                self.put(row, column, value)

    def merge(self, row: int, column: int, width: int, value: object) -> None:
        """Write a heading over several columns."""
        self.put(row, column, value)
        self.merged.append((self.sheet, (row - 1, column, row - 1, column + width - 1)))

    def figure(self, row: int, column: int, value: object, kpi: str, period: str, **more) -> None:
        """Write a cell and note that it is a figure; `says` is what it says where that is not what stands there."""
        shown, number = more.pop("shown", ""), more.pop("says", value)
        self.put(row, column, value, shown)
        self.figures.append(Expected(self.sheet, f"{chr(65 + column)}{row}", kpi, period, number, **more))

    def moved(self, down: int) -> "Drawn":
        """Return everything some rows lower, as when somebody put a banner above it."""
        cells = {
            name: {(row + down, column): cell for (row, column), cell in found.items()}
            for name, found in self.cells.items()
        }
        merged = [(name, (top + down, left, low + down, right)) for name, (top, left, low, right) in self.merged]
        figures = [
            Expected(**{**vars(one), "cell": f"{one.cell[0]}{int(one.cell[1:]) + down}"}) for one in self.figures
        ]
        return Drawn(cells, merged, figures, self.sheet)

    def workbook(self) -> bytes:
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"default_date_format": "mmm-yy"}) as book:
            book.set_properties({"created": MADE})
            for name, cells in self.cells.items():
                sheet = book.add_worksheet(name)
                for (row, column), (value, shown) in cells.items():
                    sheet.write(row - 1, column, value, book.add_format({"num_format": shown}) if shown else None)
                for where, (top, left, low, right) in self.merged:
                    if where == name:
                        value, _ = cells[top + 1, left]
                        kind = book.add_format({"num_format": "mmm-yy"})
                        sheet.merge_range(top, left, low, right, value, kind)
        return out.getvalue()

    def text(self) -> bytes:
        """Return the one sheet as CSV, as a system writes it."""
        (cells,) = self.cells.values()
        rows, columns = max(row for row, _ in cells), max(column for _, column in cells)
        out = io.StringIO()
        writer = csv.writer(out)
        for row in range(1, rows + 1):
            writer.writerow([cells.get((row, column), ("", ""))[0] for column in range(columns + 1)])
        return out.getvalue().encode("utf-8-sig")


@dataclass(frozen=True)
class Sample:
    """One partner's return: who sends it, under which names, and how it is drawn for a quarter."""

    agency: str
    draw: Callable[[int], Drawn]
    names: tuple[str, str]

    def file(self, quarter: int) -> tuple[str, bytes, tuple[Expected, ...]]:
        """Return name, bytes and figures of one quarter's file."""
        drawn, name = self.draw(quarter), self.names[quarter - 1]
        return name, drawn.text() if name.endswith(".csv") else drawn.workbook(), tuple(drawn.figures)


def police(quarter: int) -> Drawn:
    """Force-wide: councils side by side below each month, the year to date at the end; months grow to the right."""
    drawn, months = Drawn().on("Safeguarding dataset"), [4, 5, 6] if quarter == FIRST else [4, 5, 6, 7, 8, 9]
    drawn.line(1, "Wexshire Police: child safeguarding dataset")
    drawn.line(2, "Official - Sensitive")
    drawn.line(5, "Offence or incident")
    councils = ("Wexmoor", "Northborough", "Eastvale")
    rows = {
        6: ("Assaults on persons aged 0-17", "assaults_recorded", 20),
        7: ("MISPER: from home (episodes)", "missing_home_episodes", 9),
        8: ("MISPER: from care (episodes)", "missing_care_episodes", 4),
        9: ("Public protection notices", None, 130),
    }
    column = 1
    for month in [*months, "to date"]:
        last = f"YTD {MONTHS[months[-1]]} 25"
        drawn.merge(4, column, 3, last if month == "to date" else datetime.date(2025, month, 1))
        for at, council in enumerate(councils):
            drawn.line(5, council, start=column + at)
            for row, (label, kpi, base) in rows.items():
                drawn.line(row, label)
                numbers = {one: base + 7 * at + 2 * one - row for one in months}
                number = sum(numbers.values()) if month == "to date" else numbers[month]
                if kpi is None or council != "Wexmoor":
                    drawn.put(row, column + at, number)
                    continue
                period = f"2025-{months[-1] if month == 'to date' else month:02}"
                basis = "to_date" if month == "to date" else None
                drawn.figure(row, column + at, number, kpi, period, basis=basis)
        column += 3
    drawn.line(10, "Source: NICHE, extracted on the fifth working day")
    return drawn


def trust(quarter: int) -> Drawn:
    """Several providers below each measure, months across; small numbers withheld, shares shown as percentages."""
    drawn = Drawn().on("ED and conferences")
    months = [4, 5, 6] if quarter == FIRST else [4, 5, 6, 7, 8, 9]
    drawn.line(1, "Vale and Hill Hospitals NHS Trust")
    drawn.line(3, "Site", *(f"{MONTHS[month]}-25" for month in months))
    drawn.line(4, "Children attending for self-harm")
    # partnership.yaml writes the first of them with a small letter.
    ours = {"Vale Hospital": "Vale hospital", "Hill Infirmary": "Hill Infirmary"}
    sites = {5: "Vale Hospital", 6: "Hill Infirmary"}
    for row, site in sites.items():
        drawn.line(row, site)
        for at, month in enumerate(months, 1):
            number: object = 6 + month + row if site == "Vale Hospital" else "<5" if month % 2 else "c"
            drawn.figure(row, at, number, "ed_self_harm", f"2025-{month:02}", provider=ours[site])
    drawn.line(7, "Trust total", *(30 + month for month in months))
    drawn.line(8, "Review conferences with a report in time (%)")
    for row, site in {9: "Vale Hospital", 10: "Hill Infirmary"}.items():
        drawn.line(row, site)
        for at, month in enumerate(months, 1):
            share = (60 + month + row) / 100
            drawn.figure(
                row, at, share, "cpp_reviewed_on_time_pct", f"2025-{month:02}", part="value", provider=ours[site],
                shown="0%", says=round(share * 100, 6),
            )  # fmt: skip
    return drawn


def education(quarter: int) -> Drawn:
    """Terms across, as a management system writes CSV; one line is not ours to count."""
    # A text file has one sheet, which goes by the file's name.
    drawn = Drawn().on("exclusions spring" if quarter == FIRST else "exclusions summer")
    terms = {"Autumn term 24/25": "2024-25-T1", "Spring term 24/25": "2024-25-T2", "Summer term 24/25": "2024-25-T3"}
    shown = list(terms)[: quarter + 1]
    drawn.line(1, "Type", *shown)
    drawn.line(2, "Permanent exclusions", start=0)
    for at, term in enumerate(shown, 1):
        drawn.figure(2, at, str(3 + at), "perm_exclusions", terms[term], says=3 + at)
    drawn.line(3, "Suspensions", *(str(210 + at) for at in range(len(shown))))
    return drawn


def youth_justice(quarter: int) -> Drawn:
    """Rolling years down, measures across; each quarter adds a line."""
    drawn = Drawn().on("YJ rolling")
    drawn.line(1, "Youth Justice Service: rolling twelve months")
    drawn.line(3, "Period", "Referrals to social care", "Repeat missing (%)", "Comment")
    years = {
        "Apr 24 - Mar 25": "2024-25-Q4-R12",
        "Jul 24 - Jun 25": "2025-26-Q1-R12",
        "Oct 24 - Sep 25": "2025-26-Q2-R12",
    }
    for at, (label, period) in enumerate(list(years.items())[: quarter + 1]):
        row = 4 + at
        drawn.line(row, label)
        drawn.figure(row, 1, 48 + at, "referrals", period, basis="rolling_12_months")
        drawn.figure(row, 2, 31.5 + at, "missing_repeat_pct", period, part="value", basis="rolling_12_months")
        drawn.line(row, "Checked by the data team", start=3)
    return drawn


def council(quarter: int) -> Drawn:
    """Indicators down, quarters across below their years, and a change that is no figure."""
    drawn = Drawn().on("Scorecard data")
    drawn.line(1, "Children's services performance")
    drawn.line(3, "Ref", "Indicator")
    headings = [("2024/25", quarter_) for quarter_ in (1, 2, 3, 4)] + [
        ("2025/26", one) for one in range(1, quarter + 1)
    ]
    drawn.merge(2, 2, 4, "2024/25")
    drawn.put(2, 6, "2025/26")
    rows = {
        4: ("1.1", "Contacts received", "mash_contacts", 1204),
        5: ("1.2", "Referrals accepted", "referrals", 310),
        6: ("1.3", "S47 enquiries begun", "s47_started", 96),
    }
    for row, (reference, label, kpi, base) in rows.items():
        drawn.line(row, reference, label)
        for at, (year, number) in enumerate(headings, 2):
            drawn.put(3, at, f"Q{number}")
            period = f"{year[:4]}-{year[-2:]}-Q{number}"
            count = base + 11 * number + at
            text = f"{count:,}" if count > 999 else count
            drawn.figure(row, at, text, kpi, period, says=count)
    drawn.put(3, 2 + len(headings), "Change")
    for row in rows:
        drawn.put(row, 2 + len(headings), 0.04, "0%")
    return drawn


def sheet_a_measure(quarter: int) -> Drawn:
    """One sheet an indicator: localities down with our total, months across; a sheet of notes between them."""
    drawn = Drawn()
    months = [4, 5, 6] if quarter == FIRST else [4, 5, 6, 7, 8, 9]
    for sheet, kpi, base in (
        ("Missing from home", "missing_home_children", 12),
        ("Missing from care", "missing_care_children", 5),
    ):
        drawn.on(sheet).line(1, sheet)
        drawn.line(2, "Financial year 2025/26")
        drawn.line(4, "Locality", *(MONTHS[month] for month in months))
        for row, (label, area) in {5: ("North", "north"), 6: ("South", "south"), 7: ("Total", "partnership")}.items():
            drawn.line(row, label)
            for at, month in enumerate(months, 1):
                parts = {"north": base + month, "south": base - 3 + month}
                number = parts.get(area, sum(parts.values()))
                drawn.figure(row, at, number, kpi, f"2025-{month:02}", area=area)
    drawn.on("Notes").line(1, "Locality of the home address, not of the placement")
    drawn.line(2, "A child is counted once a month")
    return drawn


def two_row_headings(quarter: int) -> Drawn:
    """Quarters down; each measure merged over its number, what it is out of and the percentage. It moves later."""
    drawn = Drawn().on("Timeliness")
    drawn.line(1, "Timeliness of assessments and conferences")
    drawn.line(4, "Quarter")
    blocks = {
        1: ("Assessments in 45 days", "assessment_45wd_pct", 200),
        4: ("Conferences in 15 days", "icpc_15wd_pct", 40),
    }
    for start, (title, _, _) in blocks.items():
        drawn.merge(3, start, 3, title)
        drawn.line(4, "Number", "Out of", "%", start=start)
    for at, label in enumerate(["Q4 2024/25", "Q1 2025/26", "Q2 2025/26"][: quarter + 1]):
        row, period = 5 + at, f"{label[3:7]}-{label[-2:]}-{label[:2]}"
        drawn.line(row, label)
        for start, (_, kpi, base) in blocks.items():
            number, out_of = base - 20 + at, base + 4 * at
            drawn.figure(row, start, number, kpi, period)
            drawn.figure(row, start + 1, out_of, kpi, period, part="denominator")
            share = number / out_of
            drawn.figure(row, start + 2, share, kpi, period, part="value", shown="0.0%", says=round(share * 100, 9))
    return drawn if quarter == FIRST else drawn.moved(2)


def several_tables(quarter: int) -> Drawn:
    """Three tables on one sheet: two below each other, one beside; the last day of the quarter as the heading."""
    drawn = Drawn().on("Dashboard")
    quarters = {"Q1 2025/26": "2025-26-Q1", "Q2 2025/26": "2025-26-Q2"}
    shown = dict(list(quarters.items())[:quarter])
    drawn.line(1, "Quarterly dashboard")
    drawn.line(3, "Activity", *shown)
    for row, (label, kpi, base) in {
        4: ("Conferences held", "icpc_held", 33),
        5: ("Plans begun", "cpp_starts", 27),
    }.items():
        drawn.line(row, label)
        for at, period in enumerate(shown.values(), 1):
            drawn.figure(row, at, base + 2 * at, kpi, period)
    days = {"As at 30 June 2025": "2025-26-Q1", "As at 30 Sept 2025": "2025-26-Q2"}
    drawn.line(8, "Caseload", *list(days)[:quarter])
    drawn.line(9, "Children with a plan")
    for at, period in enumerate(list(days.values())[:quarter], 1):
        drawn.figure(9, at, 140 + at, "cpp_stock", period, basis="at_date")
    # The table beside stands well clear of the months to come.
    drawn.line(3, "Locality", *shown, start=8)
    for row, (label, area) in {4: ("North", "north"), 5: ("South", "south")}.items():
        drawn.line(row, label, start=8)
        for at, period in enumerate(shown.values(), 9):
            drawn.figure(row, at, 15 + row + at, "assessments_completed", period, area=area)
    drawn.line(11, "Figures are provisional until the year is closed.")
    return drawn


def units_and_breakdowns(quarter: int) -> Drawn:
    """A column says how a line is written, two what it is broken down by; a new line comes the second time."""
    drawn = Drawn().on("Indicators")
    drawn.line(
        1, "Ref", "Indicator", "Unit", "Breakdown", "Group", "Q1 25/26", *(["Q2 25/26"] if quarter == SECOND else [])
    )
    periods = ["2025-26-Q1", "2025-26-Q2"][:quarter]
    lines: list[tuple] = [
        ("CP ended", "Plans ended", "Number", "", "All", "cpp_ends", None, 30),
        ("CP ended", "Plans ended", "Number", "Age band", "Under 5", "cpp_ends", "under 5", 12),
        ("CP ended", "Plans ended", "Number", "Age band", "5 to 17", "cpp_ends", "5 to 17", 18),
        ("RHI 72", "Return interviews in time", "%", "", "All", "rhi_72h_pct", None, 61.5),
        ("RHI off", "Return interviews offered", "Fraction", "", "All", "rhi_offered_pct", None, 0.82),
    ]
    if quarter == SECOND:
        lines.append(("New", "Children seen alone", "%", "", "All", None, None, 77))
    for row, (reference, label, unit, breakdown, group, kpi, means, base) in enumerate(lines, 2):
        drawn.line(row, reference, label, unit, breakdown or None, group)
        for at, period in enumerate(periods, 5):
            # The groups grow by one each, and so the whole by two.
            number = base + (at - 5) * (0.01 if unit == "Fraction" else 1 if means else 2)
            if kpi is None:
                drawn.put(row, at, number)
                continue
            part = "numerator" if unit == "Number" else "value"
            said = round(number * 100, 9) if unit == "Fraction" else number
            drawn.figure(
                row, at, number, kpi, period, part=part, says=said, breakdown="age_band" if means else None, group=means
            )
    return drawn


def past_years(quarter: int) -> Drawn:
    """A partnership's own scorecard: a sheet a year, totals beside averages and counts at the month's end."""
    drawn = Drawn()
    rows: dict[int, tuple] = {
        4: ("3.4(a)", "Children missing from home", "Total", "missing_home_episodes", (92, 72, 86, 78, 328)),
        5: ("3.5", "% children who had an independent return interview", "Average", "rhi_completed_pct",
            (76.9, 73.4, 79.1, 82.6, 78)),
        6: ("3.7", "Children subject to a plan", "Month End", "cpp_stock", (131, 130, 130, 135, 135)),
        7: ("1.1", "% Children living in poverty", "", None, ("-", "-", "-", "-", "-")),
        8: ("4.4", "MASH referrals", "Average", "mash_contacts", (834, 829.7, 951.3, 871.3, 871.6)),
        9: ("3.6", "Strategy discussions", "Total", "strategy_discussions", ("-", "-", 41, 44, "-")),
    }  # fmt: skip
    bases = {"Total": "in_period", "Average": "monthly_average", "Month End": "at_date", "": None}
    for at_year, year in enumerate(["2021-22", "2022-23", "2023-24"][: quarter + 1]):
        drawn.on(year).line(1, "Key performance data")
        drawn.line(3, "Ref", "Indicator", "Measured as", "Q1", "Q2", "Q3", "Q4", "Year")
        for row, (reference, label, word, kpi, numbers) in rows.items():
            drawn.line(row, reference, label, word or None)
            for at, number in enumerate(numbers, 3):
                period = year if at == 7 else f"{year}-Q{at - 2}"
                said = number if number == "-" else round(number + at_year, 6)
                if kpi is None:
                    drawn.put(row, at, number)
                    continue
                part = "value" if kpi == "rhi_completed_pct" else "numerator"
                drawn.figure(row, at, said, kpi, period, part=part, basis=bases[word])
    return drawn


def early_help(quarter: int) -> Drawn:
    """Averages of the months, and figures that are not there yet and say from when they can be had."""
    drawn = Drawn().on("Front door")
    headings = {"Q1 2025/26": "2025-26-Q1", "Q2 2025/26": "2025-26-Q2"}
    drawn.line(1, "Early help and front door")
    drawn.line(3, "Measure", *list(headings)[:quarter], "Awaiting")
    rows = {
        4: ("Contacts a month (average)", "mash_contacts", "monthly_average"),
        5: ("Strategy meetings", "strategy_discussions", None),
    }
    for row, (label, kpi, basis) in rows.items():
        drawn.line(row, label)
        for at, period in enumerate(list(headings.values())[:quarter], 1):
            if kpi == "mash_contacts":
                drawn.figure(row, at, 401.3 + at, kpi, period, basis=basis)
            else:
                drawn.figure(row, at, "not available until Q3", kpi, period, says="x", available_from="2025-26-Q3")
    drawn.line(6, "Decisions in one day")
    for at, period in enumerate(list(headings.values())[:quarter], 1):
        drawn.figure(6, at, "awaiting validation", "mash_decision_1wd_pct", period, part="value", says="x")
    return drawn


SAMPLES: dict[str, Sample] = {
    "police-councils": Sample("police", police, ("Wexshire dataset June.xlsx", "Wexshire dataset September.xlsx")),
    "trust-providers": Sample("hospital", trust, ("trust Q1.xlsx", "trust Q2.xlsx")),
    "education-terms": Sample("education", education, ("exclusions spring.csv", "exclusions summer.csv")),
    "youth-justice": Sample("youth_justice", youth_justice, ("YJS rolling June.xlsx", "YJS rolling September.xlsx")),
    "council-quarters": Sample("council", council, ("scorecard data Q1.xlsx", "scorecard data Q2.xlsx")),
    "sheet-a-measure": Sample("community_health", sheet_a_measure, ("missing to June.xlsx", "missing to Sept.xlsx")),
    "two-row-headings": Sample("council", two_row_headings, ("timeliness Q1.xlsx", "timeliness Q2.xlsx")),
    "several-tables": Sample("council", several_tables, ("dashboard Q1.xlsx", "dashboard Q2.xlsx")),
    "units-and-breakdowns": Sample("council", units_and_breakdowns, ("indicators Q1.xlsx", "indicators Q2.xlsx")),
    "past-years": Sample("business_unit", past_years, ("key data to 2023.xlsx", "key data to 2024.xlsx")),
    "early-help": Sample("mash", early_help, ("front door Q1.xlsx", "front door Q2.xlsx")),
}


def main(folder: str) -> None:
    """Write every file into a folder, with a list of its figures beside it."""
    for name, sample in SAMPLES.items():
        for quarter in (FIRST, SECOND):
            file, data, figures = sample.file(quarter)
            place = Path(folder) / name
            place.mkdir(parents=True, exist_ok=True)
            (place / file).write_bytes(data)
            lines = [",".join(str(value or "") for value in vars(one).values()) for one in figures]
            (place / f"{file}.figures.csv").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
