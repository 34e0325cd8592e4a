"""Owns what is stored of a row: values by stored column, with age, month of birth and locality worked out."""

import datetime
from collections.abc import Mapping, Sequence

import numpy

from data_loaders.places import WHOLE_AREA, Places, localities
from scorecards.definitions import RecordType

# Completed years from which each band begins.
AGE_BANDS = ((0, "under 1"), (1, "1 to 4"), (5, "5 to 9"), (10, "10 to 15"), (16, "16 and over"))
UNBORN, AGE_UNKNOWN = "unborn", "unknown"


def stored_values(record: RecordType, readings: Mapping, kept: numpy.ndarray, places: Places) -> dict[str, list]:
    """Return the list of values of each stored column for the rows in `kept`.

    `readings` are the columns that the sheet has, by name; the others are blank.
    """
    count = int(kept.sum())
    stored: dict[str, list] = {}
    for name, column in record.columns.items():
        reading = readings.get(name)
        if column.type == "drop":
            continue
        if column.type == "birth":
            stored |= ages(record, readings, reading, kept)
        elif column.type == "locality":
            stored[name] = [] if count == 0 else areas(record, readings, reading, kept, places)
        elif column.type == "datetime":
            stored[name], stored[f"{name}_minute"] = halves(reading, kept, count)
        elif column.type in ("number", "whole_number"):
            stored[name], stored[f"{name}_symbol"] = halves(reading, kept, count)
        else:
            stored[name] = spread(reading.values, reading.codes[kept]) if reading else [None] * count
    return stored


def keys_of(record: RecordType, stored: Mapping[str, Sequence]) -> list[tuple]:
    """Return what tells each row from every other: the record type's key, with the minute where a time is given."""
    parts = []
    for name in record.key:
        parts.append(stored[name])
        if record.columns[name].type == "datetime":
            parts.append(stored[f"{name}_minute"])
    return list(zip(*parts, strict=True))


def spread(values: Sequence, codes: numpy.ndarray) -> list:
    """Return the value of each row from the values of the different cells."""
    by_code = numpy.empty(len(values), dtype=object)
    by_code[:] = values
    return by_code[codes].tolist()


def halves(reading, kept, count) -> tuple[list, list]:
    """Return the first and second parts of a column whose values are pairs: day and minute, or number and symbol."""
    if reading is None:
        return [None] * count, [None] * count
    pairs = [value or (None, None) for value in reading.values]
    codes = reading.codes[kept]
    return spread([first for first, _ in pairs], codes), spread([second for _, second in pairs], codes)


def areas(record: RecordType, readings, reading, kept, places: Places) -> list:
    """Return each row's locality; a figure without an area is the whole partnership's."""
    own = spread(reading.values, reading.codes[kept]) if reading else None
    if record.replaces == "key":
        return [area or WHOLE_AREA for area in own] if own else [WHOLE_AREA] * int(kept.sum())
    others = {
        str(kind): spread(other.values, other.codes[kept])
        for name, other in readings.items()
        if (kind := record.columns[name].places) is not None
    }
    return localities(places, own, others, int(kept.sum()))


def ages(record: RecordType, readings, reading, kept) -> dict[str, list]:
    """Return age in completed years at the dating date, its band, and the month of birth (year x 12 + month - 1).

    An unborn child has no age: its date of birth is blank where its sex says unborn, or after the dating date.
    """
    event = readings[record.dated_by]
    events = calendar_numbers(first_part(event))[event.codes[kept]]
    births, months = numpy.full(len(events), -1), [None] * len(events)
    if reading is not None:
        births = calendar_numbers(reading.values)[reading.codes[kept]]
        months = spread([month_number(value) for value in reading.values], reading.codes[kept])
    years = (events - births) // 10_000
    known = births >= 0
    unborn = (known & (births > events)) | (~known & says_unborn(record, readings, kept))
    bands = numpy.full(len(events), AGE_UNKNOWN, dtype=object)
    for start, band in AGE_BANDS:
        bands[known & (years >= start)] = band
    bands[unborn] = UNBORN
    age = years.astype(object)
    age[~known | unborn] = None
    return {"age": age.tolist(), "age_band": bands.tolist(), "birth_month": months}


def first_part(reading) -> list:
    return [value[0] if isinstance(value, tuple) else value for value in reading.values]


def calendar_numbers(days: Sequence) -> numpy.ndarray:
    """Return days as yyyymmdd, -1 for none: a difference of two, in ten thousands, is the completed years between."""
    return numpy.array([calendar_number(day) for day in days])


def calendar_number(ordinal) -> int:
    if ordinal is None:
        return -1
    day = datetime.date.fromordinal(ordinal)
    return day.year * 10_000 + day.month * 100 + day.day


def month_number(ordinal) -> int | None:
    if ordinal is None:
        return None
    day = datetime.date.fromordinal(ordinal)
    return day.year * 12 + day.month - 1


def says_unborn(record: RecordType, readings, kept) -> numpy.ndarray:
    sex = next((readings[name] for name in readings if record.columns[name].codes == "sex"), None)
    if sex is None:
        return numpy.zeros(int(kept.sum()), dtype=bool)
    unborn = numpy.array([value == UNBORN for value in sex.values])
    return unborn[sex.codes[kept]]
