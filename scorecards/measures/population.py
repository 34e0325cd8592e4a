"""The number of children who live in the area, which rates are divided by."""


class PopulationKind:
    """The estimate that partnership.yaml holds for the whole area and for each locality; no rows tell it."""

    name = "population"

    def select(self, _kpi, _reading, _wanted):
        return None

    def sentence(self, _kpi, _definitions):
        return (
            "The number of children aged 0 to 17 who live in the area, or in a locality: the ONS estimate of the "
            "middle of the year before the financial year ends, as partnership.yaml holds it. Rates are divided by it."
        )

    def record_types(self, _kpi):
        return ("aggregate_return",)
