"""Groups of rows, such as all who were invited to one conference: in which share every one of them passed."""

from sqlalchemy import and_, case, func, literal, or_, select

from scorecards.measures.frame import by_day, fails, flag, group_of, passes, per_period
from scorecards.measures.words import base_words, column_words, condition_words, listed

SUMS = ("numerator", "denominator", "excluded")


class EveryKind:
    """The share of groups in which every row that must pass does.

    One that fails fails its group. Where none fails and of one it is not known whether it passes, or whether it must,
    the group is counted apart. A group in which none must pass is not in it.
    """

    name = "every"

    def select(self, kpi, reading, wanted):
        rows = rows_in_groups(kpi, reading, wanted.breakdown)
        failed, unknown, passed, perhaps = (
            func.max(rows.c[name]) == 1 for name in ("failed", "unknown", "passed", "perhaps")
        )
        verdict = case(
            (failed, "failed"), (unknown, "unknown"), (passed, "passed"), (perhaps, "unknown"), else_="none"
        )  # fmt: skip
        groups = (
            select(rows.c.first_day.label("day"), rows.c.grp, verdict.label("verdict"))
            .group_by(rows.c.first_day, rows.c.grp, rows.c.one, rows.c.nobodys)
            .subquery("groups")
        )
        verdict = groups.c.verdict
        judged = (
            select(
                groups.c.day,
                groups.c.grp,
                flag(verdict == "passed").label("numerator"),
                flag(verdict.in_(("passed", "failed"))).label("denominator"),
                flag(verdict == "unknown").label("excluded"),
            )
            .where(verdict != "none")
            .subquery("judged")
        )
        return per_period(by_day(judged, *SUMS), wanted, *SUMS)

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        name = column_words(definitions, measure.records, measure.group_by)
        passed = listed([condition_words(definitions, measure.records, one) for one in measure.numerator])
        required = [condition_words(definitions, measure.records, one) for one in measure.required]
        which = f" in which {listed(required)}" if required else ""
        return (
            f"Of {base_words(definitions, measure)}, taken together by {name} and dated by the first of them, the "
            f"percentage of those taken together in which in every one{which}, {passed}. One that fails is enough to "
            "fail; where none does and one is not known, they are left out."
        )

    def record_types(self, kpi):
        return (kpi.measure.records,)


def rows_in_groups(kpi, reading, breakdown):
    """Return the rows with their group, the first day of it, and what each says: failed, unknown or passed.

    A row that does not say which group it is of is one of nobody's, and unknown.
    """
    measure = kpi.measure
    table = reading.lists[measure.records]
    one, day = table.c[measure.group_by], table.c[measure.dated_by]
    grp = group_of(kpi, reading, table, breakdown)
    must, need_not = passes(table, measure.required), fails(table, measure.required)
    passed, failed = passes(table, measure.numerator), flag(and_(must, fails(table, measure.numerator)))
    # Neither passes nor fails, and is not known to be one that need not pass.
    open_ = and_(flag(passed) == 0, failed == 0, flag(need_not) == 0)
    nobodys = case((one.is_(None), table.c.id), else_=literal(0))
    rows = (
        select(
            table.c.id.label("row"),
            day.label("day"),
            grp.label("grp"),
            one.label("one"),
            nobodys.label("nobodys"),
            flag(and_(one.is_not(None), failed == 1)).label("failed"),
            flag(or_(one.is_(None), open_)).label("unknown"),
            flag(and_(must, passed)).label("passed"),
            flag(and_(passed, flag(need_not) == 0)).label("perhaps"),
        )
        .where(reading.live(measure.records, table), passes(table, measure.where), day.is_not(None))
        .subquery("rows")
    )
    first = func.min(rows.c.day).over(partition_by=[rows.c.grp, rows.c.one, rows.c.nobodys])
    return select(*rows.c, first.label("first_day")).subquery("in_groups")
