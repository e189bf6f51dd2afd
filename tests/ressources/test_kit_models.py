"""What a kit needs to be published, and the pieces that publication names."""

from datetime import timedelta

import pytest
from django.template.loader import get_template
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction

from ressources import kit_rules
from ressources.blocks import PieceBlock
from ressources.kit_files import kit_files
from ressources.kit_sheet import KitSheet
from ressources.models import KitChange, KitPage
from ressources.pieces import piece_of
from territoires_en_commun.base.advice import editorial_advice
from territoires_en_commun.base.models import CustomDocument, Licence
from territoires_en_commun.base.publication import PublicationRefused, publication_gaps
from tests.ressources.kits import STEP, add, complete_kit, file_piece, make_document, make_kit, stored
from tests.strict_templates import is_ours

pytestmark = pytest.mark.usefixtures("home")


def gaps(kit):
    return [(gap.field, gap.message) for gap in publication_gaps(kit)]


def test_complete_kit_is_published():
    kit = make_kit()
    assert (kit.live, kit.version, len(kit.pieces)) == (True, "1.0", 1)


def test_kit_names_all_that_it_lacks():
    kit = make_kit(kind="", version=" ", pieces=[], live=False)
    assert gaps(kit) == [
        ("kind", kit_rules.MISSING_KIND),
        ("version", kit_rules.MISSING_VERSION),
        ("pieces", kit_rules.MISSING_PIECES),
    ]


def test_file_that_was_never_chosen_or_was_deleted_is_named():
    document = make_document("Règlement")
    kit = make_kit(
        pieces=[STEP, file_piece(None), file_piece(document, "Règlement type"), file_piece(None, "Bulletin")],
        live=False,
    )
    CustomDocument.objects.all().delete()
    missing = [(2, "Sans titre"), (3, "Règlement type"), (4, "Bulletin")]
    sentences = [f"Pièce {rank}, « {title} » : choisissez son fichier, qui manque." for rank, title in missing]
    assert gaps(KitPage.objects.get(pk=kit.pk)) == [("pieces", " ".join(sentences))]


def test_file_lost_on_the_server_is_named():
    document = make_document("Règlement")
    kit = make_kit(pieces=[file_piece(document)], live=False)
    document.file.storage.delete(document.file.name)
    assert gaps(kit) == [
        ("pieces", "Pièce 1, « Règlement » : son fichier n’est plus sur le serveur, téléversez-le de nouveau.")
    ]


def test_file_that_visitors_could_not_have_is_named():
    reserved = Collection.get_first_root_node().add_child(name="Réservé")
    CollectionViewRestriction.objects.create(collection=reserved, restriction_type="login")
    lost, private = make_document("Texte", "texte.odt"), make_document("Note", "note.odt", collection=reserved)
    lost.file.storage.delete(lost.file.name)
    pieces = [
        file_piece(private),
        file_piece(make_document("Affiche", "affiche.pdf", accessible_version=lost)),
        file_piece(make_document("Dépliant", "depliant.pdf", accessible_version=private)),
    ]
    sentences = (
        "Pièce 1, « Note » : son fichier est dans une collection privée, déplacez-le ou choisissez-en un autre. "
        "Pièce 2, « Affiche » : sa version accessible, « Texte », n’est plus sur le serveur, téléversez-la de "
        "nouveau. Pièce 3, « Dépliant » : sa version accessible, « Note », est dans une collection privée, "
        "déplacez-la ou choisissez-en une autre."
    )
    assert gaps(make_kit(pieces=pieces, live=False)) == [("pieces", sentences)]


def test_incomplete_piece_is_refused_on_every_road_to_publication():
    video = ("video", {"title": "Le vote", "url": "https://vimeo.com/123456", "duration": "", "transcript": ""})
    kit = make_kit(pieces=[STEP, video], live=False)
    with pytest.raises(PublicationRefused) as refused:
        kit.save_revision().publish()
    assert refused.value.message_dict == {
        "pieces": ["Pièce 2, « Le vote » : complétez-la, un de ses champs manque ou n’est pas valable."]
    }
    assert not KitPage.objects.get(pk=kit.pk).live


def test_draft_may_lack_everything():
    kit = make_kit(kind="", version="", pieces=[file_piece(None)], summary="", themes=[], review_date=None, live=False)
    assert (kit.live, kit.get_latest_revision_as_object().pieces[0].value["document"]) == (False, None)


def test_files_come_in_order_with_their_accessible_version():
    version = make_document("Texte", "texte.odt")
    first = make_document("Affiche", "affiche.pdf", accessible_version=version)
    second = make_document("Tableau", "tableau.csv")
    kit = make_kit(pieces=[STEP, file_piece(first), file_piece(second, "Calendrier")])
    assert [(file.rank, file.title, file.document, file.is_version) for file in kit_files(kit)] == [
        (2, "Affiche", first, False),
        (2, "Affiche", version, True),
        (3, "Calendrier", second, False),
    ]


def test_pdf_without_accessible_version_is_told_to_the_editor():
    alone, odt = make_document("Affiche", "affiche.PDF"), make_document("Texte", "texte.odt")
    paired = make_document("Dépliant", "depliant.pdf", accessible_version=odt)
    kit = make_kit(pieces=[file_piece(alone), file_piece(paired), file_piece(odt), file_piece(None)], live=False)
    assert [(advice.field, advice.message) for advice in editorial_advice(kit)] == [
        ("pieces", "PDF « Affiche » : joignez-lui une version accessible (RGAA 13.3).")
    ]


def test_changes_are_kept_with_the_kit():
    kit = complete_kit()
    day = timezone.localdate() - timedelta(days=3)
    kit.changes = [KitChange(date=day, version="1.0", text="Première version.")]
    assert [str(change) for change in add(kit).changes.all()] == [f"Version 1.0 du {day:%d/%m/%Y}"]


@pytest.mark.parametrize(
    ("licence", "adaptable", "address"),
    [
        (Licence.ETALAB_2, True, "https://github.com/etalab/licence-ouverte/blob/master/LO.md"),
        (Licence.CC_BY_SA_4, True, "https://creativecommons.org/licenses/by-sa/4.0/deed.fr"),
        (Licence.CC_BY_NC_ND_4, False, "https://creativecommons.org/licenses/by-nc-nd/4.0/deed.fr"),
        (Licence.ALL_RIGHTS, False, ""),
    ],
)
def test_licence_says_what_it_allows(licence, adaptable, address):
    assert (licence.allows_adaptations, licence.url) == (adaptable, address)


# Blocks


@pytest.mark.parametrize("name", PieceBlock().child_blocks)
def test_block_of_a_piece_is_described_and_previewed(name):
    make_document("Document de la bibliothèque")
    block = PieceBlock().child_blocks[name]
    assert (block.meta.icon in {"", "placeholder"}, bool(str(block.label)), len(block.get_description()) > 20) == (
        False,
        True,
        True,
    )
    assert block.meta.template == f"ressources/pieces/{name}.html"
    assert is_ours(get_template(block.meta.template).origin.name)
    html = block.render(block.get_preview_value(), context={})
    assert piece_of(name, block.get_preview_value()).title in html


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        ({"format": "PDF", "weight": "1,2 Mo", "language": "en"}, "PDF, 1,2 Mo, anglais"),
        ({"format": "", "weight": "", "language": "fr"}, "français"),
    ],
)
def test_link_says_what_is_known_of_it(fields, detail):
    link = {"label": "Le guide", "page": None, "url": "https://exemple.fr/", "description": "", **fields}
    kit = complete_kit(pieces=[("link", link)])
    assert kit.pieces[0].value.detail == detail


def test_steps_are_numbered_apart_from_the_other_pieces():
    pieces = stored([STEP, ("text", STEP[1]), STEP])
    kit = KitPage(pieces=pieces)
    assert [shown.piece.name for shown in KitSheet(kit).pieces] == [
        "Étape 1\u00a0: Réunir les habitants",
        "Réunir les habitants",
        "Étape 2\u00a0: Réunir les habitants",
    ]
