"""Values in, pictures out: charts of one KPI, its groups and its last twelve periods."""

from scorecards.charts.breakdown import breakdown_chart
from scorecards.charts.funnel_chart import funnel_chart
from scorecards.charts.journey import flow_chart, steps_chart, trend_panel
from scorecards.charts.line_chart import CONFIG, HEIGHT, kpi_chart
from scorecards.charts.palette import FONT, PALETTE, RATING_COLOURS, Palette, palette
from scorecards.charts.panel import group_line, panel
from scorecards.charts.ratio_chart import ratio_chart
from scorecards.charts.small import change_icon, data_uri, sparkline

__all__ = [
    "CONFIG",
    "FONT",
    "HEIGHT",
    "PALETTE",
    "RATING_COLOURS",
    "Palette",
    "breakdown_chart",
    "change_icon",
    "data_uri",
    "flow_chart",
    "funnel_chart",
    "group_line",
    "kpi_chart",
    "palette",
    "panel",
    "ratio_chart",
    "sparkline",
    "steps_chart",
    "trend_panel",
]
