"""Demonstration content: fictitious pages, partners and pictures, so that a new site is not empty."""

import copy
import json
from collections.abc import Iterator

from blog.demo import load_articles
from territoires_en_commun.base.blocks import load_previews
from territoires_en_commun.base.drawings import demo_pictures
from territoires_en_commun.base.html_blocks import blocks_from_html, new_block
from territoires_en_commun.base.models import BasePage, Partner
from territoires_en_commun.base.typography import typeset
from territoires_en_commun.home.models import HomePage, StandardPage
from territoires_en_commun.users.models import User

from .texts import DATA, read_toml

REVIEWER = "equipe@exemple.fr"
NOTICE = {
    "level": "info",
    "title": "Contenu de démonstration",
    "text": "<p>Cette page est fictive : elle montre ce que la plateforme peut contenir.</p>",
}


def reviewer() -> User:
    """The account responsible for the demonstration content; nobody can sign in with it."""
    account = User.objects.filter(email=REVIEWER).first()
    return account or User.objects.create_user(REVIEWER, first_name="Équipe", last_name="Démonstration")


def load_demo() -> Iterator[str]:
    """Create what is missing; yield a line, in French, for each thing created."""
    data = read_toml("demo/demo.toml")
    for entry in data["partner"]:
        partner, created = Partner.objects.get_or_create(
            name=typeset(entry["name"]), defaults={"website": entry["website"]}
        )
        if created:
            yield f"Partenaire « {partner} » créé."
    pictures = demo_pictures()
    home = HomePage.objects.order_by("path").first()
    known = {page.external_ref: page for page in BasePage.objects.filter(external_ref__startswith="demo:")}
    for entry in data["page"]:
        if entry["ref"] not in known:
            parent = known.get(entry.get("parent", ""), home)
            known[entry["ref"]] = create_page(entry, parent, pictures)
            yield f"Page « {entry['title']} » créée."
    if not home.body and home.latest_revision and home.revisions.count() == 1:
        home.body = read_blocks("accueil")
        home.save_revision().publish()
        yield "Accueil complété."
    yield from load_articles(reviewer())


def create_page(entry: dict, parent: BasePage, pictures: dict) -> StandardPage:
    """A published page of the data file, under its parent."""
    body = all_blocks(pictures) if entry.get("all_blocks") else read_blocks(entry["slug"])
    page = StandardPage(
        title=typeset(entry["title"]),
        slug=entry["slug"],
        summary=typeset(entry["summary"]),
        external_ref=entry["ref"],
        show_in_menus=entry["in_menu"],
        image=pictures.get(entry.get("picture", "")),
        image_decorative="picture" in entry,
        body=[new_block("alert", NOTICE), *body],
    )
    BasePage.objects.get(pk=parent.pk).add_child(instance=page)
    page.save_revision().publish()
    return page


def read_blocks(name: str) -> list[dict]:
    """The blocks of a demonstration text: a JSON file of blocks, else an HTML file."""
    path = DATA / "demo" / f"{name}.json"
    if not path.exists():
        return blocks_from_html(typeset(path.with_suffix(".html").read_text(encoding="utf-8")))
    return [
        new_block(block["type"], block["value"]) for block in json.loads(typeset(path.read_text(encoding="utf-8")))
    ]


def all_blocks(pictures: dict) -> list[dict]:
    """One of each block, with its preview text; the files that previews borrow are replaced by ours."""
    previews = copy.deepcopy(load_previews())
    picture = next(iter(pictures.values()))
    previews["image"]["image"] = {
        "image": picture.pk,
        "alt_text": "Collines bleues sous un ciel clair.",
        "decorative": False,
    }
    del previews["document"]
    return [new_block(kind, value) for kind, value in previews.items()]
