"""Owns populations and statistical neighbours out of the rows of their tables."""

from data_loaders.published.results import Neighbour, People
from data_loaders.published.rows import Reading, amount, rows_about
from data_loaders.published.tables import shown
from scorecards.definitions import normalise
from scorecards.definitions.published_models import NeighboursTable, PopulationTable


def people_of(reading: Reading, table: PopulationTable) -> tuple[People, ...]:
    """Return the people of each area, age band and mid-year."""
    bands = {normalise(word): band for band, words in table.bands.items() for word in words}
    found: dict[tuple, tuple[People, int]] = {}
    for about in rows_about(reading):
        written = reading.found.text(about.row, reading.found.places[table.age])
        band, cell = bands.get(normalise(written)), amount(reading, about, table.value)
        if band is None:
            reading.left_out[f"of another age, {shown(written)}"] += 1
        elif cell is not None:
            number, status = cell
            if number is not None and not number.is_integer():
                place = reading.found.places[table.value]
                reading.is_wrong(about.line, place, f"{number:g} is not a whole number of people.")
                continue
            people = People(about.area, about.level, band, about.year, None if number is None else int(number), status)
            key = (people.area, band, people.mid_year)
            if key in found and found[key][0] != people:
                said = f"{people.area} at mid-{people.mid_year} stands on line {found[key][1]} with another number."
                reading.is_wrong(about.line, None, said)
            found[key] = people, about.line
    return tuple(people for people, _ in found.values())


def neighbours_of(reading: Reading, table: NeighboursTable) -> tuple[Neighbour, ...]:
    """Return each council's neighbours, the nearest first; a row without a council's number is left out."""
    found: list[Neighbour] = []
    lines: dict[str, int] = {}
    for line, row in zip(reading.found.lines, reading.found.rows, strict=True):
        place = reading.found.places[table.number]
        number = reading.found.text(row, place)
        if not number:
            reading.left_out["without a council's number"] += 1 if any(cell.strip() for cell in row) else 0
            continue
        council = council_of(reading, line, place, number)
        if council is None:
            continue
        if council in lines:
            reading.is_wrong(line, place, f"council {shown(number)} stands on line {lines[council]} already.")
            continue
        lines[council] = line
        found += row_neighbours(reading, table, line, row, council)
    return tuple(found)


def row_neighbours(reading: Reading, table: NeighboursTable, line: int, row, council: str) -> list[Neighbour]:
    found: list[Neighbour] = []
    for rank, name in enumerate(table.nearest, 1):
        place = reading.found.places.get(name)
        number = reading.found.text(row, place)
        if place is None or not number:
            reading.is_wrong(line, place, f"neighbour {rank} is not given.")
            continue
        other = council_of(reading, line, place, number)
        if other in {council, *(one.neighbour for one in found)}:
            reading.is_wrong(line, place, f"council {shown(number)} stands twice in this row.")
        elif other is not None:
            found.append(Neighbour(council, other, rank))
    return found


def council_of(reading: Reading, line: int, place: int, number: str) -> str | None:
    """Return the newest code of the council with a number of the Department's."""
    council = reading.councils.by_number.get(number)
    if council is None:
        reading.is_wrong(line, place, f"{shown(number)} is not a council's number that we know.")
        return None
    return council.code
