"""Published figures into the store: read and checked first, then landed whole or not at all.

check = check_published(store, [("c1.csv", data)])
version = land_published(store, check, by="A. Analyst")
"""

from data_loaders.published.about_us import AboutUs, about_us
from data_loaders.published.landing import check_carried, check_published, land_published
from data_loaders.published.results import PublishedCheck, PublishedFile
from data_loaders.published.sorting import is_text, published_among
from data_loaders.published.telling import published_report

__all__ = [
    "AboutUs",
    "PublishedCheck",
    "PublishedFile",
    "about_us",
    "check_carried",
    "check_published",
    "is_text",
    "land_published",
    "published_among",
    "published_report",
]
