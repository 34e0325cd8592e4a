"""Published figures into the store: read and checked first, then landed whole or not at all.

check = check_published(store, [("c1.csv", data)])
version = land_published(store, check, by="A. Analyst")
"""

from data_loaders.published.landing import check_carried, check_published, land_published
from data_loaders.published.results import PublishedCheck, PublishedFile
from data_loaders.published.telling import published_report

__all__ = ["PublishedCheck", "PublishedFile", "check_carried", "check_published", "land_published", "published_report"]
