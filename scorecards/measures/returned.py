"""What agencies were to send, and whether it came whole and in time."""


class ReturnedKind:
    """Which share of the lists and measures that were due came in full by the day they were due.

    No statement over rows can tell: it is worked out from what partnership.yaml expects and what came.
    """

    name = "returned"

    def select(self, _kpi, _reading, _wanted):
        return None

    def sentence(self, _kpi, _definitions):
        return (
            "Of the lists and measures that partnership.yaml expects for periods that ended in this one and that were "
            "due, the percentage that were here in full by the day they were due. A correction that comes later makes "
            "nothing late, a reason makes nothing on time, and what was withdrawn does not count."
        )

    def record_types(self, _kpi):
        return ("aggregate_return",)
