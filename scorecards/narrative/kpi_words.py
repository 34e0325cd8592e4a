"""The words around one KPI's chart: its title, its alternative text, how sure we are and who supplied it."""

from scorecards.definitions import Definitions
from scorecards.format import agency_title, base, counted, day, figure, period_axis, threshold, thresholds_words
from scorecards.measures import kind_of
from scorecards.narrative.break_words import since
from scorecards.narrative.patterns import (
    is_real_change,
    known_count,
    pattern_clause,
    pattern_fact,
    pattern_step,
    range_name,
    since_break,
    usual_range,
    verdict,
)
from scorecards.narrative.rows import england_words, place, unit_words, when
from scorecards.narrative.standing import missed_side, rating_word, small_numbers, standing
from scorecards.narrative.statuses import missing_words, status_in_line
from scorecards.narrative.timeline import timeline
from scorecards.narrative.words import capital, listed, spelled, step, steps
from scorecards.scorecard import CHART_PERIODS, OF_MANY, POPULATION, Line
from scorecards.series import FedBy
from scorecards.spc import MIN_POINTS, Assurance, Rule, Variation

_VERDICTS = {Variation.IMPROVEMENT: "Getting better: ", Variation.CONCERN: "Getting worse: "}


def line_sentence(line: Line) -> str:
    """Return a figure, where it stands and whether it changed, as one or two whole sentences."""
    if line.latest.value is None:
        return f"{line.kpi.title}: {missing_words(line.latest)}. {status_in_line(line)}"
    return f"{line.kpi.title} stood at {figure_in_context(line)}"


def lead_sentence(line: Line) -> str:
    """Return a figure, where it stands and whether it changed, as the one sentence that opens a section."""
    if line.latest.value is None:
        return line_sentence(line)
    return f"{line.kpi.title} stood at {_in_one_sentence(line)}"


def figure_in_context(line: Line) -> str:
    """Return the figure with its n, where it stands and whether it changed: what follows a title or "stood at"."""
    return " ".join(part for part in (_in_one_sentence(line), what_follows(line)) if part)


def what_follows(line: Line) -> str:
    """Return what is said of a figure after its one sentence; "" where nothing is, or where there is no figure."""
    if line.latest.value is None:
        return ""
    extra = (verdict(line), _as_things_stand(line), small_numbers(line), status_in_line(line))
    return " ".join(sentence for sentence in extra if sentence)


def _in_one_sentence(line):
    stands = standing(line)
    return f"{figure_with_base(line)} {when(line)}{f', {stands}' if stands else ''}{pattern_clause(line)}."


def figure_with_base(line: Line) -> str:
    """Return "71.3% (124 of 174)"."""
    rests_on = base(line.kpi, line.latest)
    return f"{figure(line.kpi, line.latest.value)} ({rests_on})" if rests_on else figure(line.kpi, line.latest.value)


def _as_things_stand(line):
    if line.pattern.assurance is not Assurance.CONSISTENTLY_FAILING:
        return ""
    missed = "the agreed target" if line.target else "the line for green"
    where = f"{missed_side(line)} {threshold(line.kpi, line.thresholds.green)}"
    return f"As things run now it will keep missing {missed}: its whole {range_name(line)} is {where}."


def chart_title(line: Line) -> str:
    """Return what the chart shows, in ten words at most."""
    if line.pattern.limits is None:
        return f"Too few {pattern_step(line)}s to say what is usual"
    if line.pattern.variation is Variation.NOT_ENOUGH_DATA:
        whole = "whole " if line.latest.is_known else ""
        return f"No {whole}figure for {line.latest.period.label}"
    if not is_real_change(line):
        return _usual_title(line)
    return capital(f"{_VERDICTS.get(line.pattern.variation, '')}{_short_fact(line)}")


def _short_fact(line):
    fact = pattern_fact(line).replace("provisional usual", "usual")
    if line.pattern.rule is Rule.OUTSIDE_LIMITS:
        return f"{fact.replace('the', 'its', 1)} this {pattern_step(line)}"
    if line.pattern.rule is Rule.TWO_OF_THREE:
        return f"{fact.partition(' in ')[0].replace('of the', 'of its')}"
    return fact


def _usual_title(line):
    moves = {"increasing": "Slow rise", "decreasing": "Slow fall"}
    if line.trend is None or line.trend.direction not in moves:
        return "Usual ups and downs, no real change"
    return f"{moves[line.trend.direction]} over {_steps_in_trend(line)}, within usual ups and downs"


def _steps_in_trend(line):
    """Return over how long the trend was tested: "12 quarters"."""
    return steps(line.kpi.windows.pattern, line.trend.points, in_words=False)


def chart_subtitle(line: Line, definitions: Definitions) -> str:
    """Return what the chart draws: measure, periods and place; of 12-month figures also what the range is of."""
    each = pattern_step(line)
    where = place(line, definitions)
    if not line.is_rolling:
        return f"{unit_words(line.kpi)} by {each}, {where}"
    by = f"{unit_words(line.kpi)}, 12 months to each {step(line.window)}, {where}."
    return f"{by} The thin line is each {each} alone, and the {range_name(line)} is of that line."


def chart_alt(line: Line) -> str:
    """Return the chart's takeaway for those who cannot see it."""
    shown = timeline(line.points, line.latest.period)[-CHART_PERIODS:]
    span = f", {period_axis(shown[0].period)} to {period_axis(shown[-1].period)}" if shown else ""
    parts = [f"Line chart of {line.kpi.title}{span}. {chart_title(line)}.", _latest_words(line)]
    if line.thresholds is not None:
        parts.append(f"{capital(thresholds_words(line.kpi, line.thresholds, line.target))}.")
    if usual_range(line):
        of = f" of one {pattern_step(line)}" if line.is_rolling else ""
        parts.append(f"{capital(range_name(line))}{of}: {usual_range(line)}.")
    parts += [
        f"A line marks where it began to be recorded otherwise, {since(one)}: {one.title}."
        for one in line.kpi.breaks
        if shown and shown[0].period.end <= one.from_ < shown[-1].period.end
    ]
    if line.england is not None:
        parts.append(f"England {england_words(line)}.")
    return " ".join(parts)


def _latest_words(line):
    if line.latest.value is None:
        return status_in_line(line)
    rating = "" if line.judgement.reason else f", rated {rating_word(line).lower()}"
    return f"Latest: {figure_with_base(line)} {when(line)}{rating}."


def how_sure(line: Line) -> str:
    """Return how far chance could carry the figure, and what the usual range rests on."""
    return " ".join(part for part in (_chance(line), small_numbers(line), _range_rests_on(line)) if part)


def _chance(line):
    if line.interval is None or line.latest.value is None:
        return ""
    low, high = figure(line.kpi, line.interval.low), figure(line.kpi, line.interval.high)
    n = line.latest.denominator if line.kpi.unit == "percent" else line.latest.numerator
    return f"With {counted(line.kpi, n)}, chance alone could put this anywhere from about {low} to {high}."


def _range_rests_on(line):
    window, known = line.kpi.windows.pattern, known_count(line)
    if not known:
        return "There are no figures yet to say what is usual."
    found = steps(window, known, in_words=False) + since_break(line)
    if line.pattern.limits is None:
        return f"There {'is' if known == 1 else 'are'} {found} with a figure, too few to say what is usual."
    alone = f" It is of each {step(window)} alone, because 12-month figures overlap." if line.is_rolling else ""
    if line.pattern.limits.is_provisional:
        wanted = spelled(MIN_POINTS)
        return f"The usual range is provisional: it comes from {found}, and {wanted} are wanted.{alone}"
    return f"The usual range comes from {found}.{alone}"


def supplied_by(line: Line, definitions: Definitions) -> str:
    """Return who sent the newest file it is made from, which list that was, and when."""
    if line.kpi.measure.kind in OF_MANY:
        return "Everybody who sends returns"
    if line.kpi.measure.kind == POPULATION:
        return _releases(line, definitions)
    if line.supplied is None:
        return "Nobody yet"
    title = agency_title(definitions, line.supplied.agency)
    return f"{title}, {_list_name(line, definitions)}, {day(line.supplied.received)}"


def _releases(line, definitions):
    """Return which releases of the estimates for the area are held."""
    held = [one.release for one in definitions.partnership.populations if one.area == line.area]
    return f"{listed(list(dict.fromkeys(held)))}, held in partnership.yaml" if held else "Nobody yet"


def _list_name(line, definitions):
    if line.kpi.measure.kind == "submitted" or line.fed_by is FedBy.AGGREGATE:
        return "their own figures"
    record = definitions.record_types[kind_of(line.kpi.measure).record_types(line.kpi)[0]]
    if record.annex_a_list is None:
        return record.title
    return f"{record.title} (Annex A list {record.annex_a_list})"
