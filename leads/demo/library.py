"""Words of the demo's feedback, channel and library. All made up."""

from __future__ import annotations

from leads.enums import AssetKind

# What reps write beside a reason, in turn.
WORDS: dict[str, list[str]] = {
    "": [
        "Knows what he needs, wants a visit on site.",
        "Budget is approved for this year.",
        "Asked for a price within the first minute.",
        "",
        "Good fit, a second plant may follow.",
        "",
    ],
    "wrong_fit": [
        "Measures clean water only; our meters are too much for that.",
        "A student who writes a thesis.",
        "Needs explosion protection that we do not have.",
    ],
    "not_now": [
        "The line is rebuilt next year; call again then.",
        "Budget is spent, new one in spring.",
        "The contract with the present supplier runs on.",
    ],
    "existing_customer": [
        "Buys from us already, through the service contract.",
        "Has two of our meters; asks about calibration.",
    ],
    "no_contact": [
        "Five calls, two e-mails, never an answer.",
        "The number does not exist, e-mails come back.",
    ],
}
ARGUMENTS = [
    (
        "He downloaded the sizing guide twice and asked for a price in the form. That is not "
        "“wrong fit”: the plant measures waste water, which is our persona.",
        "On the phone he said that they measure clean water. The form says otherwise, I admit.",
        "The form and both downloads speak of waste water, and the call was short. Somebody else "
        "calls again, with the questions of the persona.",
    ),
    (
        "The contact has moved to the plant in Parma, which has no contract with us. She filled "
        "the form with the new address.",
        "",
        "",
    ),
]
# name, kind, what it is for, address, text, internal, index of product line, name of campaign
ASSETS: list[tuple[str, AssetKind, str, str, str, bool, int | None, str]] = [
    (
        "Case study: the dairy that saved a night shift", AssetKind.CASE_STUDY,
        "Shows a plant manager what a year of exact figures is worth.", "",
        "A dairy in Emilia measured whey by hand, twice a night.\n\nSince the flow meters report "
        "every minute, one person watches three lines. The meters paid for themselves in seven "
        "months.\n\nWe would be glad to show you the plant.",
        False, 0, "SPS Parma",
    ),
    (
        "Sizing guide for flow meters", AssetKind.DATA_SHEET,
        "Answers: which size do I need?", "https://acme-instruments.example/guides/sizing.pdf", "",
        False, 0, "Webinar: measuring dirty liquids",
    ),
    (
        "E-book: pressure without surprises", AssetKind.E_BOOK,
        "For maintenance managers who compare sensors.",
        "https://acme-instruments.example/e-books/pressure.pdf", "",
        False, 1, "Search: pressure sensors",
    ),
    (
        "Video: calibration in forty minutes", AssetKind.VIDEO,
        "Takes the fear of a standstill.", "https://acme-instruments.example/videos/calibration",
        "", False, 2, "Calibration check-up offer",
    ),
    (
        "Presentation: total cost over ten years", AssetKind.PRESENTATION,
        "For the purchasing manager, when the price is too high.",
        "https://acme-instruments.example/slides/total-cost.pdf", "", False, None, "",
    ),
    (
        "Battle card: cheap sensors from the web", AssetKind.BATTLE_CARD,
        "What to say when somebody holds a web shop's price against ours.", "",
        "They say: a third of the price.\nWe say: with calibration and drift, twice the cost after "
        "three years. Show the total cost slides.\n\nAsk: who answers when the batch is wrong?",
        True, 1, "",
    ),
]  # fmt: skip
# who, days ago, text, campaign, leads
NOTES = [
    ("andrea.galli", 23, "Three dairies asked for a meter that can be washed at 90 degrees. Our "
     "data sheet does not say that it can.", "SPS Parma", 2),
    ("javier.ortega", 17, "In Zaragoza all compare us with web shops. The battle card helps; "
     "a page for customers would help more.", "Search: pressure sensors", 1),
    ("antoine.mercier", 10, "Two plants want the calibration before the holidays in August. The "
     "offer could go out earlier next year.", "Calibration check-up offer", 1),
    ("sara.esposito", 6, "The webinar's contacts remember the plumber's story. More stories, "
     "fewer slides.", "Webinar: measuring dirty liquids", 1),
    ("andrea.galli", 2, "A competitor lends meters for a month. I was asked for the same twice.",
     "", 2),
]  # fmt: skip
# who, days ago, days until it goes out (from then), text, audience, what to say, campaign, assets
ALERTS = [
    ("chiara.lombardi", 20, 4, "Invitation to the plant tour in Bologna, with a free check of one "
     "meter.", "Plant managers in Emilia and Lombardy", "Offer one of the three dates in the "
     "invitation; the check takes a morning.", "SPS Parma", [0]),
    ("lucia.navarro", 9, 3, "Search ads for pressure sensors now lead to the e-book.",
     "Maintenance managers in Spain", "Ask which pressure they measure today, and with what "
     "trouble.", "Search: pressure sensors", [2]),
    ("chiara.lombardi", 1, 3, "The calibration check-up goes out to everybody whose certificate "
     "ends this quarter.", "Customers and recycled leads with old certificates",
     "The date of the certificate is in the mail. Offer the week that suits their shifts.",
     "Calibration check-up offer", [3, 4]),
]  # fmt: skip
