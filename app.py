"""The front page: `streamlit run app.py`."""

from scorecards.ui import begin_page

page = begin_page("Overview", filters=("period", "area"))
