"""A few contents that the tests of the editors' side of the search look for."""

from tests.base.listing_site import add_page, make_section

READER = {"headers": {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"}}


def write_contents():
    """Pages of a small site, by a short name."""
    section = make_section("Accueil")
    titles = {
        "small": "Petites villes de demain en Creuse",
        "car": "Partager une voiture au village",
        "carpool": "Covoiturage en zone blanche",
        "school": "Rénover une école communale",
        "market": "Tenir un marché de plein vent",
    }
    pages = {
        name: add_page(section, title, day=rank, summary=f"Un récit sur ce sujet, numéro {rank}.")
        for rank, (name, title) in enumerate(titles.items())
    }
    return section, pages


def titles_found(client, query, **more):
    """The titles that the public search shows, in order, without their marks."""
    response = client.get("/recherche/", {"q": query, **more})
    assert response.status_code == 200
    return [row.page.title for row in response.context["listing"].rows]
