"""Names for the demo: companies that could buy instruments, people, campaigns. All made up."""

from __future__ import annotations

from leads.enums import CampaignChannel
from leads.folding import fold

PRODUCT_LINES = ["Flow meters", "Pressure sensors", "Calibration service"]
SOURCES = [
    "Google",
    "Trade fair",
    "LinkedIn",
    "Webinar",
    "Referral",
    "Newsletter",
    "Direct traffic",
]
# name, channel, index of the product line, days ago it began, days it ran, budget
CAMPAIGNS = [
    ("SPS Parma", CampaignChannel.EVENT, 0, 180, 3, 24_000),
    ("Webinar: measuring dirty liquids", CampaignChannel.WEBINAR, 0, 120, 1, 2_500),
    ("Search: pressure sensors", CampaignChannel.SEARCH, 1, 330, 320, 36_000),
    ("LinkedIn: plant managers", CampaignChannel.SOCIAL, 1, 210, 150, 18_000),
    ("Calibration check-up offer", CampaignChannel.EMAIL, 2, 95, 60, 4_000),
    ("Newsletter", CampaignChannel.EMAIL, 2, 360, 355, 6_000),
]
JOBS = [
    "Plant manager", "Maintenance manager", "Head of quality", "Process engineer",
    "Purchasing manager", "Technical director", "Automation engineer", "Laboratory head",
]  # fmt: skip
SECTORS: dict[str, list[str]] = {
    "Food and drink": [
        "Latteria Collina", "Pastificio Ghiberti", "Conserve Vesuvio", "Birrificio Torrechiara",
        "Olearia Salento", "Dolciaria Monviso", "Cervezas Moncayo", "Aceites Guadalhorce",
        "Conservas Cantábrico", "Lácteos Sanabria", "Bodegas Jalón", "Laiterie du Vercors",
        "Brasserie Croix-Rousse", "Biscuiterie Nantaise", "Sucrerie de Picardie",
    ],
    "Chemicals": [
        "Chimica Orobica", "Vernici Lambro", "Plastiche Trebbia", "Química Besòs",
        "Salinas Torrevieja", "Chimie des Dombes",
    ],
    "Water": ["Acque Adriatiche", "Idrotecnica Savio", "Aguas del Turia", "Eaux du Rhône"],
    "Paper": ["Cartiera del Reno", "Papelera Ebro", "Papeteries de l’Isère"],
    "Pharmaceuticals": ["Farmitalia Nord", "Farmacéutica Duero", "Laboratoires Garonne"],
    "Machinery": ["Meccanica Panaro", "Maquinaria Llobregat", "Fonderie du Forez"],
    "Textiles and ceramics": [
        "Tessuti Brenta", "Ceramiche Secchia", "Cerámicas Onda", "Verrerie d’Aniche",
    ],
}  # fmt: skip
SECTOR_OF = {company: sector for sector, names in SECTORS.items() for company in names}

# country: (telephone code, cities, given names, family names, companies)
COUNTRIES: dict[str, tuple[str, list[str], list[str], list[str], list[str]]] = {
    "Italy": (
        "+39",
        ["Bologna", "Parma", "Milano", "Torino", "Verona", "Bari"],
        ["Giulia", "Luca", "Francesca", "Matteo", "Elisa", "Simone", "Valentina", "Roberto",
         "Silvia", "Alessio", "Paola", "Enrico", "Marta"],
        ["Bertolini", "Marchetti", "Fabbri", "Colombo", "Gatti", "Pellegrini", "Vitali",
         "Sartori", "Monti", "Caruso", "Ruggeri"],
        ["Latteria Collina", "Cartiera del Reno", "Acque Adriatiche", "Pastificio Ghiberti",
         "Farmitalia Nord", "Conserve Vesuvio", "Meccanica Panaro", "Chimica Orobica",
         "Birrificio Torrechiara", "Tessuti Brenta", "Olearia Salento", "Vernici Lambro",
         "Idrotecnica Savio", "Dolciaria Monviso", "Ceramiche Secchia", "Plastiche Trebbia"],
    ),
    "Spain": (
        "+34",
        ["Madrid", "Valencia", "Zaragoza", "Bilbao", "Sevilla"],
        ["Carmen", "Álvaro", "Marta", "Diego", "Inés", "Pablo", "Rocío", "Sergio", "Noelia",
         "Hugo", "Beatriz"],
        ["Navarro", "Peña", "Ibáñez", "Cano", "Soler", "Rubio", "Marín", "Ferrer", "Gallego"],
        ["Cervezas Moncayo", "Aceites Guadalhorce", "Papelera Ebro", "Aguas del Turia",
         "Conservas Cantábrico", "Química Besòs", "Lácteos Sanabria", "Farmacéutica Duero",
         "Cerámicas Onda", "Bodegas Jalón", "Maquinaria Llobregat", "Salinas Torrevieja"],
    ),
    "France": (
        "+33",
        ["Lyon", "Lille", "Nantes", "Grenoble", "Toulouse"],
        ["Claire", "Julien", "Amélie", "Thomas", "Hélène", "Nicolas", "Manon", "Étienne",
         "Sophie", "Gaël"],
        ["Lefèvre", "Moreau", "Girard", "Bonnet", "Chevalier", "Perrin", "Gauthier", "Masson",
         "Fontaine"],
        ["Laiterie du Vercors", "Papeteries de l’Isère", "Eaux du Rhône", "Chimie des Dombes",
         "Brasserie Croix-Rousse", "Biscuiterie Nantaise", "Fonderie du Forez",
         "Sucrerie de Picardie", "Verrerie d’Aniche", "Laboratoires Garonne"],
    ),
}  # fmt: skip
ORDER = ["Italy", "Spain", "Italy", "France", "Italy", "Spain", "France"]
# Who works each country's leads, by sign-in name: marketers, reps.
PEOPLE: dict[str, tuple[list[str], list[str]]] = {
    "Italy": (["chiara.lombardi", "davide.rinaldi"], ["andrea.galli", "sara.esposito"]),
    "Spain": (["lucia.navarro"], ["javier.ortega", "nuria.vidal"]),
    "France": (["camille.laurent"], ["antoine.mercier", "elodie.garnier"]),
}


def domain_of(company: str) -> str:
    """Return the e-mail domain of a company."""
    return f"{fold(company).replace(' ', '-').replace('’', '')}.example"
