"""Figures that a partner sends ready made."""


class SubmittedKind:
    """The figure as sent in an aggregate return; nothing is computed from rows."""

    name = "submitted"

    def select(self, _kpi, _reading, _wanted):
        return None

    def sentence(self, _kpi, _definitions):
        return "The figure as the partner sends it in an aggregate return; several senders' numbers are added."

    def record_types(self, _kpi):
        return ("aggregate_return",)
