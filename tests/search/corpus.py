"""A small corpus for the tests of the search: one page a subject, as editors would write them."""

from tests.base.listing_site import add_page, make_section
from tests.factories import ThemeFactory

TEXTS = [
    ("Les écoles rurales", "Ce que font les communes pour garder leur école ouverte."),
    ("Le contrat de ville", "Un cadre pour les quartiers prioritaires, signé par l’État et la commune."),
    ("Un bus à la demande pour la vallée", "Réservé la veille, il dessert trente hameaux."),
    ("Kit mobilité : choisir ses pistes cyclables", "Une méthode et des fiches pour les vélos du quotidien."),
    ("Cœurs de ville : rouvrir les commerces", "Prud’hommes, baux et vacance commerciale : qui fait quoi."),
    ("Petites villes de demain, mode d’emploi", "Le programme PVD, de la convention au premier projet."),
    ("Médecins : ouvrir une maison de santé", "Comment une commune attire des soignants."),
]


def write_corpus():
    """The pages, published under the root of the site."""
    section = make_section("Accueil")
    theme = ThemeFactory(name="Mobilités", slug="mobilites")
    for title, summary in TEXTS:
        add_page(section, title, summary=summary, themes=[theme] if "mobilité" in title else None)
    return section
