"""What a period is: its days, its id and what people call it."""

import datetime
from dataclasses import dataclass
from functools import lru_cache

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
TERMS = ("Autumn", "Spring", "Summer")


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of days, half open: `end` is the day after the last."""

    first: datetime.date
    end: datetime.date
    kind: str
    id: str
    label: str  # "Q2 2025/26"
    dates: str  # "July to September 2025"

    @property
    def last(self) -> datetime.date:
        return self.end - datetime.timedelta(days=1)

    @property
    def months(self) -> int:
        return (self.end.year - self.first.year) * 12 + self.end.month - self.first.month

    @property
    def long_label(self) -> str:
        """Return the label with its dates: "Quarter 2 2025/26, July to September 2025"."""
        label = self.label.replace("Q", "Quarter ", 1) if self.kind == "quarter" else self.label
        return label if self.kind in ("month", "date", "rolling_12_months") else f"{label}, {self.dates}"


def add_months(day: datetime.date, months: int) -> datetime.date:
    """Return the same day of another month, or that month's last day when that is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return datetime.date(year, month + 1, min(day.day, _days_in(year, month + 1)))


def _days_in(year: int, month: int) -> int:
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return (following - datetime.timedelta(days=1)).day


def _year_label(start_year: int) -> str:
    return f"{start_year}/{(start_year + 1) % 100:02d}"


def _year_id(start_year: int) -> str:
    return f"{start_year}-{(start_year + 1) % 100:02d}"


def _span(first: datetime.date, end: datetime.date) -> str:
    last = end - datetime.timedelta(days=1)
    if first.year == last.year:
        if first.month == last.month:
            return f"{MONTHS[first.month - 1]} {first.year}"
        return f"{MONTHS[first.month - 1]} to {MONTHS[last.month - 1]} {last.year}"
    return f"{MONTHS[first.month - 1]} {first.year} to {MONTHS[last.month - 1]} {last.year}"


def month(year: int, number: int) -> Period:
    first = datetime.date(year, number, 1)
    label = f"{MONTHS[number - 1]} {year}"
    return Period(first, add_months(first, 1), "month", f"{year}-{number:02d}", label, label)


def quarter(start_year: int, number: int) -> Period:
    """Return quarter 1 (April to June) to 4 of the financial year that starts in `start_year`."""
    first = add_months(datetime.date(start_year, 4, 1), 3 * (number - 1))
    end = add_months(first, 3)
    label = f"Q{number} {_year_label(start_year)}"
    return Period(first, end, "quarter", f"{_year_id(start_year)}-Q{number}", label, _span(first, end))


def half_year(start_year: int, number: int) -> Period:
    first = add_months(datetime.date(start_year, 4, 1), 6 * (number - 1))
    end = add_months(first, 6)
    label = f"Half {number} {_year_label(start_year)}"
    return Period(first, end, "half_year", f"{_year_id(start_year)}-H{number}", label, _span(first, end))


def term(start_year: int, number: int) -> Period:
    """Return the autumn (September to December), spring (January to March) or summer term (April to August)."""
    first = add_months(datetime.date(start_year, 9, 1), (0, 4, 7)[number - 1])
    end = add_months(datetime.date(start_year, 9, 1), (4, 7, 12)[number - 1])
    label = f"{TERMS[number - 1]} term {_year_label(start_year)}"
    return Period(first, end, "term", f"{_year_id(start_year)}-T{number}", label, _span(first, end))


def financial_year(start_year: int) -> Period:
    first, end = datetime.date(start_year, 4, 1), datetime.date(start_year + 1, 4, 1)
    return Period(first, end, "financial_year", _year_id(start_year), _year_label(start_year), _span(first, end))


def academic_year(start_year: int) -> Period:
    first, end = datetime.date(start_year, 9, 1), datetime.date(start_year + 1, 9, 1)
    label = f"Academic year {_year_label(start_year)}"
    return Period(first, end, "academic_year", f"{_year_id(start_year)}-AY", label, _span(first, end))


def single_day(day: datetime.date) -> Period:
    label = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return Period(day, day + datetime.timedelta(days=1), "date", day.isoformat(), label, label)


def rolling_year(last_quarter: Period) -> Period:
    """Return the 12 months that end with `last_quarter`."""
    first = add_months(last_quarter.end, -12)
    label = f"12 months to {MONTHS[last_quarter.last.month - 1]} {last_quarter.last.year}"
    return Period(
        first, last_quarter.end, "rolling_12_months", f"{last_quarter.id}-R12", label, _span(first, last_quarter.end)
    )


def quarter_of(day: datetime.date) -> Period:
    start_year = day.year if day.month >= 4 else day.year - 1
    return quarter(start_year, (day.month - 4) % 12 // 3 + 1)


def last_complete_quarter(today: datetime.date) -> Period:
    return quarter_of(quarter_of(today).first - datetime.timedelta(days=1))


@lru_cache(maxsize=8)
def all_periods(first_day: datetime.date, today: datetime.date) -> tuple[Period, ...]:
    """Return every period of every kind that has begun by `today`, from the quarter of `first_day` on."""
    found: list[Period] = []
    start = quarter_of(first_day)
    for year in range(start.first.year - 1, today.year + 1):
        quarters = [quarter(year, number) for number in (1, 2, 3, 4)]
        found += quarters + [rolling_year(one) for one in quarters if one.first <= today]
        found += [half_year(year, 1), half_year(year, 2), financial_year(year), academic_year(year)]
        found += [term(year, number) for number in (1, 2, 3)]
        found += [month(year, number) for number in range(1, 13)]
    return tuple(sorted(one for one in found if one.end > start.first and one.first <= today))
