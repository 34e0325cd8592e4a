"""Each measure says in one sentence how it is made, from its settings alone."""

import pytest

from scorecards.definitions import read_definitions
from scorecards.measures import KINDS, Reading, Slice, kind_of, sentence
from tests.measuring import kpi_with, measure

SENTENCES = [
    (
        """{kind: count, records: contacts, dated_by: contact_at, where: [{column: outcome, is: [referral, strategy]},
            {column: open_case, is_not: ["yes"]}, {column: source, known: true}]}""",
        "The number of contacts to the front door in the period (by date of contact; only where outcome is Referral to "
        "social care or Strategy discussion, already open to social care is not yes and contact source is given).",
    ),
    (
        """{kind: sum, records: referrals, dated_by: referral_date, column: referrals_last_12m}""",
        "The total of earlier referrals in the last 12 months of referrals to children's social care in the period (by "
        "date of referral); where it is blank it is not known.",
    ),
    (
        """{kind: distinct, records: contacts, of: child_id, dated_by: contact_at}""",
        "The number of different children among contacts to the front door in the period (by date of contact); one "
        "that appears several times is counted once.",
    ),
    (
        """{kind: distinct, records: contacts, of: source, dated_by: contact_at}""",
        "The number of different values of contact source among contacts to the front door in the period (by date of "
        "contact); one that appears several times is counted once.",
    ),
    (
        """{kind: stock, records: cp_plans, open_from: start_date, open_to: end_date,
            lasted: {from: start_date, to: period_end, at_least_months: 18}}""",
        "The number of child protection plans open on the last day of the period, that lasted 18 calendar months or "
        "more from start of the plan to the last day of the period.",
    ),
    (
        """{kind: stock, records: cp_plans, open_from: start_date, open_to: end_date, latest_only: child_id,
            where: [{column: latest_category, is: [NEG]}]}""",
        "The number of child protection plans open on the last day of the period, of each child only the newest (only "
        "where latest category of abuse is Neglect).",
    ),
    (
        """{kind: rate, records: referrals, dated_by: referral_date, population: "0_17", per: 10000}""",
        "The number of referrals to children's social care in the period (by date of referral), for every 10,000 "
        "children aged 0 to 17 (ONS estimate of the middle of the year before the financial year ends).",
    ),
    (
        """{kind: ratio, records: section_47, dated_by: start_date, over: {records: strategy_discussions,
            dated_by: held_date, counts: discussions}}""",
        "Section 47 enquiries in the period (by start of the enquiry), for every 100 strategy discussions in the "
        "period (by date of the discussion). The two are counted apart: it is not a share, and may be more than 100.",
    ),
    (
        """{kind: upper_quartile, records: icpc, dated_by: conference_date, from: s47_start_date, to: conference_date,
            in: working_days}""",
        "Of initial child protection conferences in the period (by date of the conference), the upper quartile of the "
        "number of working days from start of its section 47 enquiry to date of the conference: three in four took so "
        "long or less.",
    ),
    (
        """{kind: reached, records: referrals, dated_by: referral_date, who: child_id, within_days: 120, hops: [
            {records: section_47, dated_by: start_date, within_days: 30},
            {records: icpc, dated_by: conference_date, within_days: 45,
             where: [{column: transfer_in, is_not: ["yes"]}]}]}""",
        "Of referrals to children's social care in the period (by date of referral), the percentage after which the "
        "same child came to section 47 enquiries (within 30 days) and then initial child protection conferences where "
        "transfer-in conference is not yes (within 45 days), all within 120 days of the first. Those for which that "
        "time has not passed yet are too recent and left out. At each step the link reported by the sender is used; "
        "where there is none, each later event belongs to the child's nearest earlier one.",
    ),
    (
        """{kind: percentage, records: cp_plans, dated_by: end_date,
            numerator: [{column: previous_plans, at_least: 1}, {column: seen_alone, known: false}],
            lasted: {from: start_date, to: end_date, more_than_days: 729}}""",
        "Of child protection plans in the period (by end of the plan), the percentage in which earlier plans is 1 or "
        "more, in which seen alone is not given and that lasted more than 729 days from start of the plan to end of "
        "the plan.",
    ),
    (
        """{kind: percentage, records: missing_episodes, dated_by: missing_at,
            lasted: {from: missing_at, to: returned_at, more_than_hours: 24}}""",
        "Of missing episodes in the period (by start of the episode), the percentage that lasted more than 24 hours "
        "from start of the episode to date of return.",
    ),
    (
        """{kind: percentage, records: cp_plans, dated_by: end_date,
            numerator: [{column: previous_plans, at_most: 2}]}""",
        "Of child protection plans in the period (by end of the plan), the percentage in which earlier plans is 2 or "
        "less.",
    ),
    (
        """{kind: within, records: contacts, dated_by: contact_at, from: contact_at, to: decided_at,
            limit: {working_days: 1}, unfinished: missed_when_overdue}""",
        "Of contacts to the front door in the period (by date of contact), the percentage in which date of decision "
        "came within 1 working day of date of contact; the first day is day 0. Those not finished and already over "
        "the limit count as not in time.",
    ),
    (
        """{kind: within, records: contacts, dated_by: contact_at, from: contact_at, to: decided_at,
            limit_by: {column: initial_rating, limits: {red: {hours: 4}, amber: {hours: 24}, green: {hours: 72}}},
            unfinished: missed_when_overdue}""",
        "Of contacts to the front door in the period (by date of contact), the percentage in which date of decision "
        "came within 4 hours (Red), 24 hours (Amber) or 72 hours (Green), by initial rating, of date of contact; the "
        "first day is day 0. Those with another initial rating or none are left out. Those not finished and already "
        "over the limit count as not in time.",
    ),
    (
        """{kind: within, records: icpc, dated_by: conference_date, to: conference_date, limit: {days: 15},
            from: {records: section_47, column: start_date, within_days: 60}, unfinished: left_out}""",
        "Of initial child protection conferences in the period (by date of the conference), the percentage in which "
        "date of the conference came within 15 days of start of the enquiry in section 47 enquiries (the child's "
        "nearest earlier one in the 60 days before); the first day is day 0.",
    ),
    (
        """{kind: mean, records: referrals, dated_by: referral_date, column: referrals_last_12m}""",
        "Of referrals to children's social care in the period (by date of referral), the mean earlier referrals in "
        "the last 12 months.",
    ),
    (
        """{kind: median, records: assessments, dated_by: authorised_date, from: start_date, to: authorised_date,
            in: working_days}""",
        "Of child and family assessments in the period (by date of authorisation), the median number of working days "
        "from start of the assessment to date of authorisation.",
    ),
    (
        """{kind: repeat, records: referrals, dated_by: referral_date, who: child_id, occurrence: 2,
            within_months: 12, same_day: one_occasion, counted: records}""",
        "Of referrals to children's social care in the period (by date of referral), the percentage that are the same "
        "child's second or later within 12 calendar months, counted from date to date. Several on one day are one "
        "occasion.",
    ),
    (
        """{kind: repeat, records: referrals, dated_by: referral_date, who: child_id, occurrence: 6,
            within_days: 90, same_day: separate_occasions, counted: children}""",
        "Of the children in referrals to children's social care in the period (by date of referral), the percentage "
        "with at least one that is their 6th or later within 90 days, counted from date to date.",
    ),
    (
        """{kind: repeat, records: referrals, dated_by: referral_date, who: child_id, occurrence: 2, within_months: 36,
            not_within_months: 12, same_day: one_occasion, counted: records}""",
        "Of referrals to children's social care in the period (by date of referral), the percentage that are the same "
        "child's first after a gap of 12 calendar months or more since one in the 36 calendar months before, counted "
        "from date to date. Several on one day are one occasion.",
    ),
    (
        """{kind: repeat, records: contacts, dated_by: contact_at, who: [child_id, source], occurrence: 2,
            within_months: 12, same_day: one_occasion, counted: records}""",
        "Of contacts to the front door in the period (by date of contact), the percentage that are the second or later "
        "within 12 calendar months of the same child and contact source, counted from date to date. Several on one "
        "day are one occasion.",
    ),
    (
        """{kind: previous_ever, records: cp_plans, dated_by: start_date, who: child_id,
            reported_count: previous_plans}""",
        "Of child protection plans in the period (by start of the plan), the percentage of children who had one "
        "before, however long ago: the sender reports one or more earlier child protection plans, or an earlier one "
        "is stored here.",
    ),
    (
        """{kind: change, records: contacts, dated_by: contact_at, who: child_id, column: initial_rating,
            direction: lower, order: [green, amber, red]}""",
        "Of contacts to the front door in the period (by date of contact) that come after one of the same child on an "
        "earlier day, the percentage in which initial rating is lower than in the last one before (from low to high: "
        "Green, Amber, Red). Where either is blank it is not known.",
    ),
    (
        """{kind: cohort, records: section_47, dated_by: start_date, who: child_id, then: icpc,
            then_dated_by: conference_date, within_days: 45, then_where: [{column: transfer_in, is_not: ["yes"]}]}""",
        "Of section 47 enquiries in the period (by start of the enquiry), the percentage followed by initial child "
        "protection conferences where transfer-in conference is not yes for the same child within 45 days. Those for "
        "which that time has not passed yet are too recent and left out. The link reported by the sender is used; "
        "where there is none, each later event belongs to the child's nearest earlier one within that time.",
    ),
    (
        """{kind: reviewed, records: cp_plans, open_from: start_date, open_to: end_date, who: child_id,
            reviews: cp_reviews, reviews_dated_by: review_date, first_within_months: 3, then_within_months: 6,
            open_at_least_months: 3, where: [{column: other_authority, is_not: ["yes"]}]}""",
        "Of child protection plans open on the last day of the period (only where temporary plan of another council "
        "is not yes) for 3 calendar months or more, the percentage with every one of their child protection review "
        "conferences on time: the first within 3 months, each later one within 6 months of the one before. A missed "
        "one stays missed.",
    ),
    (
        """{kind: reviewed, records: cp_plans, open_from: start_date, open_to: end_date, who: child_id,
            reviews: cp_reviews, reviews_dated_by: review_date, first_within_weeks: 1, then_within_weeks: 6,
            second_year_within_weeks: 12, open_at_least_weeks: 1}""",
        "Of child protection plans open on the last day of the period for 1 week or more, the percentage with every "
        "one of their child protection review conferences on time: the first within 1 week, each later one within 6 "
        "weeks of the one before, or within 12 weeks where that was in the second year or later. A missed one stays "
        "missed.",
    ),
    (
        """{kind: recent, records: cp_plans, open_from: start_date, open_to: end_date, date: last_visit_date,
            limit: {working_days: 15}, blank: missed}""",
        "Of child protection plans open on the last day of the period for more than 15 working days, the percentage in "
        "which last statutory visit is within 15 working days of that day. A blank counts as missed; where "
        "the newest list has a date after that day, the list that was sent for that day tells, and without one the row "
        "is left out.",
    ),
    (
        """{kind: recent, records: cp_plans, open_from: start_date, open_to: end_date, date: latest_review_date,
            limit: {months: 6}, blank: left_out, where: [{column: disability, is: ["yes"]}]}""",
        "Of child protection plans open on the last day of the period (only where disability is yes) for more than 6 "
        "calendar months, the percentage in which latest review conference is within 6 calendar months of that day. A "
        "blank is not known, and its row is left out; where the newest list has a date after that day, the list that "
        "was sent for that day tells, and without one the row is left out.",
    ),
    (
        """{kind: ageing, records: cp_plans, open_from: start_date, open_to: end_date, date: last_visit_date,
            bands: [{working_days: 10}, {working_days: 20}]}""",
        "The number of child protection plans open on the last day of the period for more than 10 working days, split "
        "by how long before that day last statutory visit lies: the bands end at 10 working days and 20 working days. "
        "A blank is a band of its own; where the newest list has a date after that day, the list that was sent for "
        "that day tells, and without one the row is left out.",
    ),
    (
        """{kind: preceded, records: icpc, dated_by: conference_date, who: child_id, reported_in: s47_start_date,
            by: {records: section_47, dated_by: start_date}, within_days: 45}""",
        "Of initial child protection conferences in the period (by date of the conference), the percentage with one or "
        "more section 47 enquiries of the same child on the day or in the 45 days before (by start of the enquiry). "
        "Where start of its section 47 enquiry is given, there must be one of that day.",
    ),
    (
        """{kind: every, records: assessments, dated_by: start_date, group_by: child_id,
            required: [{column: disability, is: ["yes"]}], numerator: [{column: child_seen, is: ["yes"]}]}""",
        "Of child and family assessments in the period (by start of the assessment), taken together by child and dated "
        "by the first of them, the percentage of those taken together in which in every one in which disability is "
        "yes, child seen is yes. One that fails is enough to fail; where none does and one is not known, they are left "
        "out.",
    ),
    (
        """{kind: during, records: cp_plans, open_from: start_date, open_to: end_date, who: child_id,
            had: {records: missing_episodes, dated_by: missing_at, where: [{column: missing_from, is: [care]}]}}""",
        "Of the children with child protection plans open at any time in the period, the percentage with one or more "
        "missing episodes where from home or care is Care in the period (by start of the episode). Each child is "
        "counted once.",
    ),
    (
        "{kind: submitted}",
        "The figure as the partner sends it in an aggregate return; several senders' numbers are added.",
    ),
    (
        "{kind: filled, cells: {referrals: [ethnicity, source], assessments: [disability]}}",
        "Of the cells that ought to be filled in what was sent and is dated in the period, the percentage that are: "
        "referrals to children's social care (ethnic group and referral source); child and family assessments "
        "(disability). A column that the agency's template did not ask for is left out.",
    ),
    (
        "{kind: population, of: '0_17'}",
        "The number of children aged 0 to 17 who live in the area, or in a locality: the ONS estimate of the middle of "
        "the year before the financial year ends, as partnership.yaml holds it. Rates are divided by it.",
    ),
    (
        "{kind: returned}",
        "Of the lists and measures that partnership.yaml expects for periods that ended in this one and that were "
        "due, the percentage that were here in full by the day they were due. A correction that comes later makes "
        "nothing late, a reason makes nothing on time, and what was withdrawn does not count.",
    ),
]


@pytest.mark.parametrize(("settings", "words"), SENTENCES, ids=[words[:40] for _, words in SENTENCES])
def test_a_measure_is_told_in_a_sentence(settings, words):
    assert sentence(kpi_with(measure(settings)), read_definitions()) == words


def test_every_kind_has_its_sentence_here():
    assert {measure(settings).kind for settings, _ in SENTENCES} == set(KINDS)


def test_every_kpi_of_ours_is_told_in_whole_sentences():
    definitions = read_definitions()
    for kpi in definitions.kpis.values():
        words = sentence(kpi, definitions)
        assert words[0].isupper(), kpi.id
        assert words.endswith("."), kpi.id
        assert "None" not in words, kpi.id


def test_a_measure_names_the_lists_it_reads_and_the_one_that_dates_it_first():
    kpis = read_definitions().kpis
    read = {
        name: kind_of(kpis[name].measure).record_types(kpis[name])
        for name in ("icpc_15wd_pct", "s47_to_icpc_pct", "cpp_reviewed_on_time_pct", "referrals", "ed_self_harm")
    }
    assert read == {
        "icpc_15wd_pct": ("icpc", "section_47"),
        "s47_to_icpc_pct": ("section_47", "icpc"),
        "cpp_reviewed_on_time_pct": ("cp_plans", "cp_reviews"),
        "referrals": ("referrals",),
        "ed_self_harm": ("aggregate_return",),
    }


@pytest.mark.parametrize("settings", ["{kind: submitted}", "{kind: returned}", "{kind: population, of: '0_17'}"])
def test_what_no_rows_tell_has_no_statement(settings):
    kpi = kpi_with(measure(settings))
    assert kind_of(kpi.measure).select(kpi, Reading(read_definitions(), {}), Slice(("quarter",))) is None
