"""A partner's file into the store: checked and shown first, then landed whole or not at all.

check = check_files(store, [("Q2 police.xlsx", data)])
landed = land(store, check, by="A. Analyst")
"""

from data_loaders.intake import check_files
from data_loaders.landing import land
from data_loaders.problems import PROBLEM_CODES, Problem, problems_csv
from data_loaders.reasons import needing_reasons
from data_loaders.reply import covering_note
from data_loaders.reply_book import Reply, reply_to
from data_loaders.results import Change, Check, FileCheck, Landed, ListCheck
from data_loaders.templates import return_template
from data_loaders.withdrawing import plan_withdrawal, withdraw

__all__ = [
    "PROBLEM_CODES",
    "Change",
    "Check",
    "FileCheck",
    "Landed",
    "ListCheck",
    "Problem",
    "Reply",
    "check_files",
    "covering_note",
    "land",
    "needing_reasons",
    "plan_withdrawal",
    "problems_csv",
    "reply_to",
    "return_template",
    "withdraw",
]
