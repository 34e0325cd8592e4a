"""Owns the sample rows of the lists beyond contacts, referrals, plans and missing children; all of it is made up."""

CHILD = "Child Unique ID"

ANNEX_A = {
    "early_help": [
        (CHILD, "Assessment start date", "Assessment completion date", "Organisation completing assessment",
         "Early help end reason"),
        ("H1", "01/07/2025", "12/09/2025", "Early Help Hub", "Outcomes met"),
        ("H2", "15/09/2025", "", "Top Town Academy", ""),
    ],
    "cin": [
        (CHILD, "CIN Start Date", "Primary Need Code", "CIN Closure Date", "Reason for Closure", "Case Status"),
        ("N1", "01/02/2025", "N1 - Abuse or neglect", "", "", "c) Child in need plan"),
        ("N2", "03/03/2025", "N4", "01/09/2025", "RC9", "e) Closed episode"),
    ],
    "cla": [
        (CHILD, "Date Started to be Looked After", "Child's Legal Status", "Placement Type", "Placement Provider",
         "Placement Location", "Date Ceased to be Looked After", "Reason Ceased to be Looked After"),
        ("L1", "06/08/2019", "C2: FCO", "d) U4: Foster placement - long term", "b) PR1 - Own provision", "b) Out", "",
         ""),
        ("L2", "10/03/2024", "V2: Single period under S20", "p) K2: Children's Homes", "PR4", "a) In", "22/09/2025",
         "E4A"),
    ],
    "care_leavers": [
        (CHILD, "Snapshot date", "Eligibility Category", "LA in Touch", "Type of Accommodation",
         "Suitability of Accommodation", "Activity Status"),
        ("V1", "30/09/2025", "b) Former relevant child", "a) Yes", "U: Independent living", "a) Suitable",
         "F2: Full time in education other than higher"),
    ],
}  # fmt: skip

JOURNEY = {
    "mash_checks": [
        ("Contact reference", "Agency asked", "Date information requested", "Date information returned"),
        ("MC-100", "Police", "03/09/2025 10:00", "03/09/2025 15:30"),
        ("MC-100", "GP", "03/09/2025 10:00", ""),
    ],
    "conference_attendance": [
        ("Conference reference", "Conference type", "Date conference held", "Agency attending", "Invited", "Attended",
         "Report received", "Quorate"),
        ("CF-1", "ICPC", "18/09/2025", "Police", "Yes", "No", "Yes", "Yes"),
        ("CF-1", "ICPC", "18/09/2025", "Health visitor", "Yes", "Yes", "Yes", "Yes"),
    ],
    "cp_visits": [(CHILD, "Statutory visit date", "Child seen", "Seen alone"), ("P1", "10/09/2025", "Yes", "No")],
    "core_groups": [
        (CHILD, "Core group date", "Plan start date", "First core group"),
        ("P1", "26/09/2025", "18/09/2025", "Yes"),
    ],
    "gcp_assessments": [(CHILD, "Date GCP2 completed", "Completing agency"), ("G1", "04/09/2025", "Health visitor")],
}  # fmt: skip

EXPLOITATION = {
    "cse_assessments": [
        (CHILD, "CSE assessment date", "CSE tool", "SERAF score", "CSE risk level", "Referring agency", "CSE closed"),
        ("E1", "02/09/2025", "SERAF", "12", "Medium", "School", ""),
    ],
    "exploitation_flags": [
        (CHILD, "Exploitation flag", "Flag start date", "Flag end date", "Flagging agency"),
        ("E1", "County lines", "02/09/2025", "", "YOS"),
    ],
    "marac": [
        ("MARAC case reference", "MARAC date", "Victim reference", "Pair reference", "Children in household",
         "Repeat case"),
        ("M-7", "11/09/2025", "V-3", "VP-3", "2", "No"),
    ],
    "police_incidents": [
        ("Crime reference", CHILD, "Date recorded", "Offence group", "Police outcome", "Police outcome date"),
        ("77/100", "K1", "05/09/2025", "Sexual offence", "Charged", "25/09/2025"),
        ("77/101", "", "06/09/2025", "Violence", "Open", ""),
    ],
    "protection_orders": [("Order reference", "Date order made", "Order type"), ("PO-1", "09/09/2025", "CAWN")],
    "police_powers": [
        (CHILD, "Power used at", "Police power", "Power ended at", "Appropriate adult present"),
        ("K1", "05/09/2025 23:10", "S46", "06/09/2025 10:00", ""),
    ],
    "secure_settings": [
        (CHILD, "Custody start date", "Secure setting", "Reason in custody"),
        ("K2", "08/09/2025", "YOI", "Remand"),
    ],
}  # fmt: skip

OTHER_CHILDREN = {
    "private_fostering": [
        (CHILD, "Private fostering notification date", "Private fostering start date",
         "Private fostering first visit", "Private fostering type"),
        ("F1", "01/09/2025", "02/09/2025", "08/09/2025", "8F"),
    ],
    "private_fostering_visits": [(CHILD, "Private fostering visit date", "Seen alone"), ("F1", "08/09/2025", "Yes")],
    "disabled_children": [
        (CHILD, "0-25 team start date", "Main disability", "SEN"),
        ("D1", "02/06/2025", "Autism", "EHCP"),
    ],
    "camhs": [
        (CHILD, "CAMHS referral date", "Referral source", "Accepted", "First assessment date", "Discharge date"),
        ("T1", "01/09/2025", "GP", "Yes", "26/09/2025", ""),
    ],
    "child_deaths": [
        ("CDOP reference", "Date of death", "Date death notified", "Expected death", "Date reviewed by CDOP",
         "Modifiable factors"),
        ("CD-1", "02/06/2025", "03/06/2025", "No", "23/09/2025", "Yes"),
    ],
    "home_educated": [(CHILD, "EHE start date", "EHE reason", "SEN"), ("S1", "01/09/2025", "Bullying", "SEN support")],
    "missing_education": [
        (CHILD, "CME start date", "CME end date", "CME reason"),
        ("S2", "01/09/2025", "22/09/2025", "Awaiting a school place"),
    ],
    "exclusions": [
        (CHILD, "Exclusion date", "Exclusion type", "Exclusion reason", "Overturned"),
        ("S3", "12/09/2025", "Permanent", "OW", "No"),
    ],
    "absence": [
        (CHILD, "Last day of term", "Sessions possible", "Sessions missed", "Persistent absence"),
        ("S4", "18/07/2025", "120", "18", "Yes"),
    ],
}  # fmt: skip

WORKFORCE = {
    "lado": [
        ("LADO reference", "Date allegation known", "Date LADO informed", "Employment sector", "LADO threshold met",
         "LADO case closed", "LADO outcome"),
        ("LD-1", "03/09/2025", "04/09/2025", "School", "Yes", "", ""),
    ],
    "complaints": [
        ("Complaint reference", "Complaint received", "Complaint stage", "Complaint closed"),
        ("CO-1", "01/09/2025", "Stage 1", "19/09/2025"),
    ],
    "training": [
        ("Course title", "Course date", "Participant agency", "Delegate reference", "Booked", "Attended",
         "Immediate evaluation"),
        ("Working together", "16/09/2025", "Schools", "B-1", "Yes", "Yes", "Yes"),
        ("Working together", "16/09/2025", "Police", "B-2", "Yes", "No", ""),
    ],
    "meetings": [
        ("Sub-group", "Meeting date", "Member agency", "Entitled", "Attended", "Deputy attended"),
        ("Executive group", "09/09/2025", "Police", "Yes", "No", "Yes"),
    ],
    "audits": [
        ("Audit reference", "Audit date", "Audit theme", "Audit scope", "Audit grade"),
        ("AU-1", "24/09/2025", "Neglect", "Multi-agency", "2"),
    ],
    "audited_contacts": [
        ("Contact reference", "Date contact audited", "Contacting agency", "Threshold agreed", "Right form",
         "Consent recorded"),
        ("MC-100", "24/09/2025", "School", "Yes", "No", "Yes"),
    ],
    "self_assessments": [
        ("Reporting agency", "Kind of return", "Date asked for", "Due date", "Date returned"),
        ("Police", "Section 11", "01/07/2025", "30/09/2025", "25/09/2025"),
    ],
    "inspections": [
        ("Inspected setting", "Inspection date", "Inspection type", "Overall effectiveness",
         "Safeguarding effective"),
        ("Top Town Academy", "10/09/2025", "School", "Good", "Yes"),
    ],
    "surveys": [
        ("Survey title", "Survey closed", "Respondents", "Question", "Number asked", "Number answered",
         "Number positive"),
        ("Staff survey 2025", "30/09/2025", "Practitioners", "I know the thresholds", "200", "90", "72"),
    ],
}  # fmt: skip

GOVERNANCE = {
    "escalations": [
        ("Escalation reference", "Date escalation raised", "Escalating agency", "Escalated to agency",
         "Escalation stage", "Escalation due", "Date escalation resolved"),
        ("ES-1", "02/09/2025", "School", "Social care", "Stage 2", "16/09/2025", ""),
    ],
    "challenge_log": [
        ("Challenge reference", "Challenge date", "Challenged agency", "Challenge due"),
        ("CH-1", "09/09/2025", "Police", "09/12/2025"),
    ],
    "risk_register": [
        ("Risk reference", "Risk date", "Likelihood", "Impact", "Risk score", "Risk rating"),
        ("RK-1", "01/04/2025", "4", "4", "16", "Red"),
    ],
    "worries": [
        ("Worry reference", "Worry date", "Worry raised by", "With action"),
        ("WO-1", "09/09/2025", "Voluntary sector", "Yes"),
    ],
    "plan_actions": [
        ("Action reference", "Action date", "Action source", "Action due", "Action rating"),
        ("AC-1", "01/04/2025", "LCSPR", "31/12/2025", "Green"),
    ],
}  # fmt: skip

MORE_LISTS = {**ANNEX_A, **JOURNEY, **EXPLOITATION, **OTHER_CHILDREN, **WORKFORCE, **GOVERNANCE}
