"""Texts of the demo's personas and playbooks. All made up."""

from __future__ import annotations

from dataclasses import replace

from leads.services.personas import Portrait


def _of_jobs(*jobs: str) -> list[dict[str, object]]:
    return [{"kind": "in", "field": "contact.job_title", "value": list(jobs), "required": True}]


STUDENT = {
    "kind": "in",
    "field": "contact.job_title",
    "value": ["Student", "Journalist"],
    "required": True,
}


def _journey(*steps: tuple[str, str, list[str]]) -> list[dict[str, object]]:
    return [{"key": key, "name": name, "questions": asks} for key, name, asks in steps]


PLANT = Portrait(
    description=(
        "Runs a plant of 50 to 500 people. Is measured on output and stops, knows every line by "
        "heart and has no time for catalogues."
    ),
    goals="No unplanned stop\nFewer suppliers to look after\nNumbers for the head office",
    pains=(
        "A wrong reading stops the line at night\nSpare parts that take six weeks\n"
        "Service people who do not know the plant"
    ),
    opening_line="Which reading do you trust least on your line today?",
    criteria=_of_jobs("Plant manager", "Maintenance manager", "Technical director"),
    exclusions=[STUDENT],
    journey=_journey(
        ("notices", "Notices the problem",
         ["Why did the line stop?", "What did the stop cost us?"]),
        ("compares", "Compares answers",
         ["Who has done this in a plant like ours?", "What happens to the old meters?"]),
        ("decides", "Decides", ["How long does it stand still?", "Who comes when it fails?"]),
    ),
    sources=["Twelve talks with customers, spring", "Service calls of the last two years"],
)  # fmt: skip
QUALITY = Portrait(
    description="Answers for every batch and every audit. Advises on instruments, seldom pays.",
    goals="Pass every audit\nTrace each reading to a certificate",
    pains="Certificates in six drawers\nCalibration that is due when nobody has time",
    opening_line="When is your next audit, and which certificate would you look for first?",
    criteria=_of_jobs("Head of quality", "Laboratory head"),
    exclusions=[STUDENT],
    journey=_journey(
        ("notices", "Notices the problem", ["Which instruments are out of date?"]),
        ("compares", "Compares answers", ["Is the laboratory accredited?"]),
        ("decides", "Decides", ["Can it be done on our site, in one day?"]),
    ),
    sources=["Audit checklists of five customers"],
)
ENGINEER = Portrait(
    description="Chooses the instrument, writes the specification, asks the hard questions.",
    goals="A clean signal in the control room\nOne protocol for all instruments",
    pains="Data sheets that hide the accuracy\nA driver for each device",
    opening_line="Which protocol do your instruments speak, and which would you like?",
    criteria=_of_jobs("Process engineer", "Automation engineer"),
    exclusions=[STUDENT],
    journey=_journey(
        ("notices", "Notices the problem", ["Why does the reading drift?"]),
        ("compares", "Compares answers", ["How accurate at low flow?", "Can I try one?"]),
        ("decides", "Decides", ["Who writes the integration?"]),
    ),
    sources=["Webinar questions, two seasons"],
)
PERSONAS = {"Plant manager": PLANT, "Quality lead": QUALITY, "Process engineer": ENGINEER}
IDEAL_COMPANY = (
    "Mid-size process plant",
    Portrait(
        description="Measures liquids or gases every day and feels each stop in the accounts.",
        goals="Runs three shifts\nOwns its maintenance team",
        pains="Instruments of four makers in one plant",
        criteria=[
            {
                "kind": "in",
                "field": "company.sector",
                "value": ["Food and drink", "Chemicals", "Water", "Paper", "Pharmaceuticals"],
                "required": True,
            },
            {"kind": "at_least", "field": "company.employees", "value": 50, "required": True},
        ],
        sources=["Won deals of the last three years"],
    ),
)
CHANGED_PLANT = replace(
    PLANT,
    pains=f"{PLANT.pains}\nEnergy bills that nobody can explain",
    opening_line="What did the last unplanned stop cost you?",
    criteria=_of_jobs(
        "Plant manager", "Maintenance manager", "Technical director", "Operations manager"
    ),
)
# who, days ago, what
COMMENTS = [
    ("andrea.galli", 40, "In dairies the maintenance manager decides alone up to ten thousand."),
    ("chiara.lombardi", 38, "Thank you. I will ask the next ten how they budget."),
    ("andrea.galli", 12, "Energy comes up in every second talk now. We should have it here."),
]
# asset whose name begins so, persona, step
ANSWERS = [
    ("Case study", "Plant manager", "compares"),
    ("E-book", "Plant manager", "notices"),
    ("Presentation", "Plant manager", "decides"),
    ("Video", "Quality lead", "decides"),
    ("Video", "Plant manager", "decides"),
    ("Sizing guide", "Process engineer", "compares"),
    ("E-book", "Process engineer", "notices"),
]
# name, when it applies, playbook
SQL_TYPES = [
    ("Replacement", "An instrument fails or is out of date.", [
        "Ask for a photo of the nameplate.",
        "Check the mounting length and the protocol.",
        "Offer the stocked equivalent with its delivery date.",
        "Propose a visit only above three pieces.",
    ]),
    ("New line", "A plant builds or extends.", [
        "Find out who writes the specification.",
        "Offer a session with our application engineer.",
        "Send the case study of the same sector.",
        "Agree on the date of the technical offer.",
    ]),
    ("Calibration contract", "Certificates are due every year.", [
        "Ask for the list of instruments and their due dates.",
        "Offer one day on site for all of them.",
        "Propose the yearly contract with reminders.",
    ]),
]  # fmt: skip
