"""Children in need censuses for tests: XML of fictional children, as the Department for Education specifies it."""

HEADER = {"Collection": "CIN", "Year": "2025", "ReferenceDate": "2025-03-31", "DateTime": "2025-05-23T11:14:05"}


def element(name, *content, indent="\n"):
    """Return an element with text, or with further elements each on a line of its own."""
    inside = "".join(content)
    return f"<{name}>{indent if inside.startswith('<') else ''}{inside}</{name}>{indent}"


def elements(values):
    return [element(name, value) for name, value in values.items() if value is not None]


def census(*children, root="Message", **header):
    """Return a census of these children; `header` takes the place of what its header says, None leaves it out."""
    said = {**HEADER, **header}
    made = said.pop("DateTime")
    details = element("CollectionDetails", *elements(said))
    source = element("Source", *elements({"LEA": "201", "SoftwareCode": "Local Authority", "DateTime": made}))
    body = element(root, element("Header", details, source), element("Children", *children))
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}'.encode()


def child(number, *cases, disabilities=(), ethnicity="WBRI", **identifiers):
    """Return a child with its cases; `identifiers` take the place of the usual ones, None leaves one out."""
    known = {
        "LAchildID": f"C{number}", "UPN": f"A1234567891{number:02}", "PersonBirthDate": "2015-06-01",
        "GenderCurrent": "2", **identifiers,
    }  # fmt: skip
    groups = [element("Disabilities", *(element("Disability", code) for code in disabilities))] if disabilities else []
    return element(
        "Child",
        element("ChildIdentifiers", *elements(known)),
        element("ChildCharacteristics", *elements({"Ethnicity": ethnicity}), *groups),
        *cases,
    )


def case(*parts, **values):
    """Return one time in need: a referral on 3 June 2024 by the police unless `values` say otherwise."""
    known = {"CINreferralDate": "2024-06-03", "ReferralSource": "6", "ReferralNFA": "false", **values}
    return element("CINdetails", *elements(known), *parts)


def assessment(start, authorised=None):
    dates = {"AssessmentActualStartDate": start, "AssessmentAuthorisationDate": authorised}
    factors = element("FactorsIdentifiedAtAssessment", element("AssessmentFactors", "2A"))
    return element("Assessments", *elements(dates), factors)


def enquiry(start, conference=None, not_required="false"):
    return element("Section47", *elements(
        {"S47ActualStartDate": start, "DateOfInitialCPC": conference, "ICPCnotRequired": not_required}
    ))  # fmt: skip


def plan(start, end=None, reviews=(), **values):
    dates = {"CPPstartDate": start, "CPPendDate": end, "InitialCategoryOfAbuse": "NEG", "LatestCategoryOfAbuse": "EMO"}
    held = [element("Reviews", element("CPPreviewDate", review)) for review in reviews]
    return element("ChildProtectionPlans", *elements({**dates, "NumberOfPreviousCPP": "1", **values}), *held)
