"""The slips of the newest quarter: what a checker must find in otherwise good files."""

from demo.sheets import Sheet

# Sheet, heading, and what somebody typed there; each goes into another row. The words are those of real files.
# Referrals, conferences and plans keep all their rows, so that their figures are final.
SLIPS = (
    ("Contacts log", "Date and time of contact", "31/09/2025"),
    ("Contacts log", "Referring agency", "Polcie"),
    ("Contacts log", "Child Unique ID", None),
    ("Contacts log", "Decision", "#N/A"),
    ("Contacts log", "Date and time of decision", "01/04/2025 09:10"),
    ("List 3", "Referral NFA?", "tbc"),
    ("List 3", "Number of Referrals in Last 12 Months", "2?"),
    ("List 4", "Was the child assessed as requiring LA children's social care support?", "CS Assessment Updated"),
    ("List 4", "Continuous Assessment Date of Authorisation", "30/02/2025"),
    ("List 5", "Did the Initial Child Protection Conference Result in a Child Protection Plan", "see notes"),
    ("List 7", "Latest Category of Abuse", "Neglct"),
    ("List 7", "Date of latest review conference", "12/07/2017"),
    ("Strategy discussions", "Police present", "Dialled in"),
    ("Return interviews", "RHI completed", "04/07/2024 10:00"),
)


def with_slips(sheets: list[Sheet]) -> list[Sheet]:
    """Return the sheets with the slips that are theirs."""
    for number, (name, heading, typed) in enumerate(SLIPS):
        for sheet in sheets:
            if sheet.name == name:
                _slip(sheet, heading, typed, number)
    return sheets


def _slip(sheet: Sheet, heading: str, typed: str | None, number: int) -> None:
    column = sheet.column(heading)
    filled = [row for row, value in enumerate(column) if value is not None]
    if filled:
        # Spread over the sheet, and never twice in one row.
        column[filled[(len(filled) * (2 * number + 1)) // (2 * len(SLIPS))]] = typed
