"""Owns the reading of a children in need census in a child process: its XML on stdin, a sheet for each list on stdout.

Run by path with `python -I`; of this project it knows only reader.py beside it, whose limits and answers it shares.
Numbers that identify a pupil end here: no sheet holds them.
"""

import datetime
import gc
import os
import re
import sys
from collections import Counter
from contextlib import suppress
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.sax import parseString


def beside(name):
    """Return the module of that name in this file's folder, which is no package to a process started by path."""
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


reader = beside("reader")
Refused = reader.Refused

DEEPEST = 20  # elements within each other; a census has 7
LONGEST_TEXT = 32_767  # as in a cell of Excel
SEND_AGAIN = "Export it again from the case system and send that."

ASKED = ("Collection", "Year", "ReferenceDate")
TRANSFER_IN, LATEST_REVIEW = "Transfer-in conference", "Date of latest review conference"
COUNTS = "NumberOfPreviousCPP"
OTHER = "elements of other names"

IDENTIFIES = {"UPN", "FormerUPN"}
# Every element of the specification that nothing here takes. Others are counted and not named: a name may be anything.
NO_LIST_TAKES = {
    "UPNunknown", "PersonDeathDate", "PrimaryNeedCode", "AssessmentInternalReviewDate", "CINPlanStartDate",
    "CINPlanEndDate", "InitialCPCtarget", "SourceLevel", "LEA", "SoftwareCode", "Release", "SerialNo",
}  # fmt: skip
# What a list takes where it can: named as not used when it cannot, as in a child without a referral.
TAKEN = {
    "LAchildID", "PersonBirthDate", "ExpectedPersonBirthDate", "GenderCurrent", "Sex", "Ethnicity", "Disability",
    "CINreferralDate", "ReferralSource", "ReferralNFA", "CINclosureDate", "ReasonForClosure", "DateOfInitialCPC",
    "AssessmentActualStartDate", "AssessmentAuthorisationDate", "AssessmentFactors",
    "S47ActualStartDate", "ICPCnotRequired", "CPPstartDate", "CPPendDate",
    "InitialCategoryOfAbuse", "LatestCategoryOfAbuse", "NumberOfPreviousCPP", "CPPreviewDate",
}  # fmt: skip
# The census's codes for a disability; NONE says that there is none. Any other word goes on to the checks as it is.
DISABILITIES = {"MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "VIS", "BEH", "CON", "AUT", "DDA"}

CHILD = ("LAchildID", "Sex", "Ethnicity", "PersonBirthDate")
WITH_DISABILITY = (*CHILD, "Disability")
# The headings of each list: elements' names, and for two columns that come from several elements our own.
LISTS = {
    "Referrals": (*CHILD, "CINreferralDate", "ReferralSource", "ReferralNFA", "CINclosureDate", "ReasonForClosure"),
    "Assessments": (*WITH_DISABILITY, "CINreferralDate", "AssessmentActualStartDate", "AssessmentAuthorisationDate",
                    "AssessmentFactors"),
    "Section 47": (*WITH_DISABILITY, "S47ActualStartDate", "ICPCnotRequired", "DateOfInitialCPC"),
    "Transfer-in conferences": (*WITH_DISABILITY, "DateOfInitialCPC", TRANSFER_IN),
    "Child protection plans": (*WITH_DISABILITY, "CPPstartDate", "CPPendDate", "InitialCategoryOfAbuse",
                               "LatestCategoryOfAbuse", "NumberOfPreviousCPP", LATEST_REVIEW),
    "Reviews": ("LAchildID", "CPPreviewDate"),
}  # fmt: skip
# A year without any is possible of these alone.
MAY_BE_ABSENT = {"Transfer-in conferences"}


class Element:
    """One element: its name without a prefix, its line, its text, what stands in it, and whether a list took it."""

    __slots__ = ("children", "line", "name", "text", "used")

    def __init__(self, name, line):
        self.name, self.line, self.text, self.children, self.used = name, line, "", [], False

    def all(self, name):
        return [child for child in self.children if child.name == name]

    def value(self, name):
        """Return the text of the first element of that name in this one, and the elements that it comes from."""
        found = self.all(name)[:1]
        return (found[0].text.strip(), found) if found else ("", [])

    def leaves(self):
        """Yield each element in this one that holds text and no further elements."""
        for child in self.children:
            if child.children:
                yield from child.leaves()
            elif child.text.strip():
                yield child


class Census(ContentHandler):
    """Gathers the rows of each list while the XML is read, one child at a time."""

    def __init__(self):
        super().__init__()
        self.open, self.root, self.locator = [], None, None
        self.children = 0
        self.rows = {title: [] for title in LISTS}
        self.places = {title: [] for title in LISTS}
        self.used, self.left_out, self.unused = 0, Counter(), Counter()

    def setDocumentLocator(self, locator):
        self.locator = locator

    def startElement(self, name, attrs):  # noqa: ARG002 (SAX passes it)
        element = Element(name.rpartition(":")[2], self.locator.getLineNumber())
        if len(self.open) >= DEEPEST:
            raise Refused("unsafe", f"has elements within elements more than {DEEPEST} deep. {SEND_AGAIN}")
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def characters(self, content):
        if len(self.open[-1].text) < LONGEST_TEXT:
            self.open[-1].text += content

    def endElement(self, name):  # noqa: ARG002 (SAX passes it)
        element = self.open.pop()
        if element.name == "Child" and [one.name for one in self.open] == ["Message", "Children"]:
            # A child's elements are not needed any more once its rows are made.
            self.open[-1].children.pop()
            self.add_child(element)

    def add_child(self, child):
        self.children += 1
        about = about_child(child)
        for number, case in enumerate(child.all("CINdetails"), 1):
            self.add_case(about, case, f"Child {self.children}, CIN {number}")
        self.account(child)

    def add_case(self, about, case, place):
        """Add the rows of one time in need: the referral, and what came of it."""
        self.add("Referrals", about, case, place)
        for number, assessment in enumerate(case.all("Assessments"), 1):
            known = {**about, "CINreferralDate": case.value("CINreferralDate"), **factors_of(assessment)}
            self.add("Assessments", known, assessment, f"{place}, Assessment {number}")
        for number, enquiry in enumerate(case.all("Section47"), 1):
            self.add("Section 47", about, enquiry, f"{place}, Section 47 {number}")
        self.add_transfer_in(about, case, place)
        for number, plan in enumerate(case.all("ChildProtectionPlans"), 1):
            self.add_plan(about, plan, f"{place}, Plan {number}")

    def add_transfer_in(self, about, case, place):
        """Add a conference that no enquiry led to: the census keeps its date beside the referral.

        A few case systems write the date of an enquiry's conference there as well; that is no second conference.
        """
        held, elements = case.value("DateOfInitialCPC")
        if held in [enquiry.value("DateOfInitialCPC")[0] for enquiry in case.all("Section47")]:
            use(elements)
        elif held:
            self.add("Transfer-in conferences", {**about, TRANSFER_IN: ("Yes", [])}, case, place)

    def add_plan(self, about, plan, place):
        held = [date for reviews in plan.all("Reviews") for date in reviews.all("CPPreviewDate") if date.text.strip()]
        latest = max((date.text.strip() for date in held), default="")
        self.add("Child protection plans", {**about, LATEST_REVIEW: (latest, [])}, plan, place)
        for number, date in enumerate(held, 1):
            here = {**about, "CPPreviewDate": (date.text.strip(), [date])}
            self.add("Reviews", here, date, f"{place}, Review {number}")

    def add(self, title, known, element, place):
        """Add a row to a list: what is known of the child, and the element's own."""
        rows = self.rows[title]
        reader.check_size(len(rows) + 2, 1, title)
        row = []
        for heading in LISTS[title]:
            text, elements = known.get(heading) or element.value(heading)
            use(elements)
            row.append(cell_of(heading, text))
        rows.append(row)
        self.places[title].append((place, element.line))

    def account(self, element):
        """Count every element with a value as used, as left out, or as not used."""
        for leaf in element.leaves():
            if leaf.used:
                self.used += 1
            elif leaf.name in IDENTIFIES:
                self.left_out[leaf.name] += 1
            else:
                self.unused[leaf.name if leaf.name in NO_LIST_TAKES or leaf.name in TAKEN else OTHER] += 1


def factors_of(assessment):
    """Return every factor found at the end of an assessment, as one text."""
    found = [one for part in assessment.children for one in part.all("AssessmentFactors")]
    found += assessment.all("AssessmentFactors")
    return {"AssessmentFactors": (", ".join(one.text.strip() for one in found if one.text.strip()), found)}


def use(elements):
    for element in elements:
        element.used = True


def cell_of(heading, text):
    """Return a date or a number as one, so that it is read as everywhere; other text stays as it is, for the checks."""
    if heading == COUNTS and re.fullmatch(r"[0-9]{1,6}", text):
        return float(text)
    if "date" in heading.casefold() and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        with suppress(ValueError):
            return datetime.date.fromisoformat(text)
    return text


def about_child(child):
    """Return {heading: (text, elements)} of what the census says once for a child."""
    identifiers = next(iter(child.all("ChildIdentifiers")), child)
    characteristics = next(iter(child.all("ChildCharacteristics")), child)
    born = identifiers.value("PersonBirthDate")
    sex = identifiers.value("Sex")
    return {
        "LAchildID": identifiers.value("LAchildID"),
        # Until 2023 to 2024 the census asked for gender.
        "Sex": sex if sex[0] else identifiers.value("GenderCurrent"),
        "Ethnicity": characteristics.value("Ethnicity"),
        # Of an unborn child the day it is expected; the checks see by it that events came before the birth.
        "PersonBirthDate": born if born[0] else identifiers.value("ExpectedPersonBirthDate"),
        "Disability": disability(characteristics),
    }


def disability(characteristics):
    """Return whether the codes say Yes or No; codes that are none of the census's stay as they were written."""
    elements = [one for group in characteristics.all("Disabilities") for one in group.all("Disability")]
    codes = {one.text.strip().upper() for one in elements} - {""}
    if codes == {"NONE"}:
        return "No", elements
    if codes and codes <= DISABILITIES | {"NONE"}:
        return "Yes", elements
    return ", ".join(sorted(codes)), elements


# The header


def header_of(census):
    """Return the days that the return covers, as its header says, and a remark on it; refuse another return."""
    root = census.root
    header = next(iter(root.all("Header")), root)
    details = next(iter(header.all("CollectionDetails")), header)
    source = next(iter(header.all("Source")), header)
    said = {name: part.value(name) for part, names in ((details, ASKED), (source, ("DateTime",))) for name in names}
    for _, elements in said.values():
        use(elements)
    texts = {name: text for name, (text, _) in said.items()}
    refuse_other_collections(root, texts["Collection"])
    first, last = year_covered(texts["Year"], texts["ReferenceDate"])
    made = day_of(texts["DateTime"][:10])
    children = "1 child" if census.children == 1 else f"{census.children:,} children"
    about = f"Children in need census for the year to {in_words(last)}, with {children}."
    if made is None or made >= last:
        return (first, last), [about]
    if made < first:
        raise Refused("header_unread", f"says in its header that it was made before its year began. {SEND_AGAIN}")
    return (first, made), [about, f"It was made on {in_words(made)}, so it covers the days up to then."]


def refuse_other_collections(root, collection):
    if root.name == "Message" and collection.upper() == "CIN":
        return
    named = f" of the collection '{collection}'" if re.fullmatch(r"[A-Za-z0-9 ]{1,20}", collection) else ""
    raise Refused(
        "return_unknown", f"is an XML return{named}. Of XML returns only the children in need census (CIN) is read."
    )


def year_covered(year, reference):
    """Return the first day and the reference day of the financial year that a header names, where it names one."""
    last = day_of(reference)
    if last is None and not reference and re.fullmatch(r"[0-9]{4}", year) and int(year) > 0:
        last = datetime.date(int(year), 3, 31)
    if last is None or last.year < 2 or (year and year != str(last.year)):
        raise Refused(
            "header_unread",
            f"does not say in its header which year it is for: Year and ReferenceDate are missing, no days, or differ. "
            f"{SEND_AGAIN}",
        )
    return datetime.date(last.year - (last.month < 4), 4, 1), last


def in_words(day):
    return f"{day.day} {day:%B %Y}"


def day_of(text):
    with suppress(ValueError):
        return datetime.date.fromisoformat(text)
    return None


# The account


def sheets_of(census):
    sheets = []
    for title, rows in census.rows.items():
        if rows:
            reader.check_size(len(rows) + 1, len(LISTS[title]), title)
            sheet = reader.sheet_of(title, "visible", [list(LISTS[title]), *rows])
            sheets.append({**sheet, **whereabouts(census, census.places[title])})
    return sheets


def whereabouts(census, places):
    """Return where each row of a sheet stands in the XML: in words, and the line where there are lines to tell."""
    if census.root.line + census.children >= max(line for _, line in places):
        # The whole return stands on a few lines, as programs write it that save space.
        return {"places": ["", *(place for place, _ in places)]}
    return {
        "places": ["", *(f"{place}, line {line}" for place, line in places)],
        "lines": [census.root.line, *(line for _, line in places)],
    }


def accounted(census):
    """Return in sentences what became of every element with a value, and which lists are not there."""
    left_out, unused = census.left_out.total(), census.unused.total()
    total = census.used + left_out + unused
    said = [f"Of {total:,} elements with a value {census.used:,} were used, {unused:,} were not, and {left_out:,} were "
            "left out."]  # fmt: skip
    foreign = Counter({name: count for name, count in census.unused.items() if name not in TAKEN})
    alone = census.unused - foreign
    if foreign:
        said.append(f"Not used, because no list takes them: {counted(foreign)}.")
    if alone:
        said.append(f"Not used, because their child has no record that takes them: {counted(alone)}.")
    if left_out:
        said.append(f"Left out and not stored, because they identify a child: {counted(census.left_out)}.")
    absent = [title for title, rows in census.rows.items() if not rows and title not in MAY_BE_ABSENT]
    if absent:
        said.append(f"Nothing in it for: {', '.join(absent)}. These count as not sent, not as none.")
    return said


def counted(names):
    return ", ".join(f"{name} ({count:,})" for name, count in names.most_common())


# The process


def read_census(data):
    """Return what the census holds, as a dict with sheets, remarks, covers and epoch_1904."""
    census = Census()
    try:
        # What a return never needs and an attack does is refused: document types, entities, references elsewhere.
        parseString(data, census, forbid_dtd=True)
    except DefusedXmlException:
        raise Refused("unsafe", f"declares a document type or entities, which no return needs. {SEND_AGAIN}") from None
    except SAXParseException as trouble:
        line = trouble.getLineNumber()
        raise Refused("damaged", f"is damaged: line {line} is no well-formed XML. {SEND_AGAIN}") from None
    covers, remarks = header_of(census)
    census.account(census.root)
    return {
        "sheets": sheets_of(census),
        "remarks": [*remarks, *accounted(census)],
        "covers": covers,
        "encoding": None,
        "epoch_1904": False,
    }


reader.READERS["xml"] = read_census

if __name__ == "__main__":
    # As in reader.py: nothing is worth collecting, and ending at once spares the slow giving back of it all.
    gc.disable()
    reader.main(sys.stdin.buffer, sys.stdout.buffer)
    os._exit(0)
