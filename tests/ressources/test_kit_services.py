"""Adapting a kit, and counting its downloads."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import PageViewRestriction

from ressources.kit_services import NOT_PUBLISHED, adapt_kit, count_download
from ressources.models import Download, KitChange, KitPage
from tests.factories import PartnerFactory
from tests.filled_site import fill_once
from tests.ressources.kits import STEP, add, complete_kit, file_piece, make_document, make_kit

DAY = date(2026, 11, 24)


@pytest.fixture
def kit(home):
    return fill_once(write_kit)


def write_kit():
    original = complete_kit(
        pieces=[STEP, file_piece(make_document())],
        title="Budget participatif",
        version="1.2",
        external_ref="demo:kit",
        partner=PartnerFactory(name="Réseau des bourgs"),
        licence="cc-by-sa-4.0",
    )
    original.changes = [KitChange(version="1.2", text="Tout.")]
    return add(original)


# Adapting


def test_adaptation_is_a_draft_beside_the_kit_with_its_credit(kit, editor):
    count_download(kit=kit, document=None, day=DAY)
    copy = KitPage.objects.get(pk=adapt_kit(kit, user=editor).pk)
    draft = copy.get_latest_revision_as_object()
    for version in (copy, draft):
        assert (version.title, version.slug, version.live) == (
            "Budget participatif (adaptation)",
            "budget-participatif-adaptation",
            False,
        )
        assert (version.derived_from, version.credit) == (
            kit,
            "«\u00a0Budget participatif\u00a0» (Réseau des bourgs), version 1.2, CC BY-SA 4.0.",
        )
        assert (version.partner, version.version, version.external_ref, version.review_date) == (None, "", "", None)
        assert (version.first_published_at, version.last_published_at) == (None, None)
        assert (list(version.changes.all()), version.review_owner, version.owner) == ([], editor, editor)
        assert version.licence == "cc-by-sa-4.0"
        assert [block.value for block in version.pieces] == [block.value for block in kit.pieces]
        assert list(version.themes.all()) == list(kit.themes.all())
    assert copy.uuid != kit.uuid
    assert copy.get_parent() == kit.get_parent()
    assert not copy.downloads.exists()


def test_adaptation_comes_from_what_is_published(kit, editor):
    kit.title = "Brouillon secret"
    kit.save_revision()
    assert adapt_kit(KitPage.objects.get(pk=kit.pk), user=editor).title == "Budget participatif (adaptation)"


def test_each_adaptation_has_its_address_and_credits_the_whole_line(kit, editor):
    first = adapt_kit(kit, user=editor)
    first.save_revision()
    second = adapt_kit(kit, user=editor)
    assert (first.slug, second.slug) == ("budget-participatif-adaptation", "budget-participatif-adaptation-2")
    first.version, first.review_date = "2.0", timezone.localdate() + timedelta(days=90)
    first.save_revision().publish()
    third = adapt_kit(KitPage.objects.get(pk=first.pk), user=editor)
    assert third.credit == (
        "«\u00a0Budget participatif (adaptation)\u00a0», version 2.0, CC BY-SA 4.0. "
        "D’après «\u00a0Budget participatif\u00a0» (Réseau des bourgs), version 1.2, CC BY-SA 4.0."
    )


def test_adaptation_asked_again_at_once_is_the_same_draft(kit, editor, contributor, freeze):
    freeze("2026-11-24 10:00")
    first = adapt_kit(kit, user=editor)
    freeze("2026-11-24 10:04")
    again, another_person = adapt_kit(kit, user=editor), adapt_kit(kit, user=contributor)
    assert (again, another_person.owner, kit.adaptations.count()) == (first, contributor, 2)
    freeze("2026-11-24 10:06")
    assert adapt_kit(kit, user=editor) != first
    assert kit.adaptations.count() == 3


def test_credit_outlives_the_original(kit, editor):
    copy = adapt_kit(kit, user=editor)
    kit.delete()
    copy = KitPage.objects.get(pk=copy.pk)
    assert (copy.derived_from, copy.credit[:23]) == (None, "«\u00a0Budget participatif\u00a0»")


@pytest.mark.parametrize(
    ("licence", "label"),
    [
        ("cc-by-nd-4.0", "CC BY-ND 4.0"),
        ("cc-by-nc-nd-4.0", "CC BY-NC-ND 4.0"),
        ("tous-droits", "Tous droits réservés"),
    ],
)
def test_licence_without_derivatives_refuses(home, editor, licence, label):
    kit = make_kit(licence=licence)
    with pytest.raises(ValidationError) as refused:
        adapt_kit(kit, user=editor)
    sentence = f"La licence de ce kit («\u00a0{label}\u00a0») interdit d’en publier une version modifiée."
    assert refused.value.messages == [f"{sentence} Demandez son accord à qui l’a publié, ou faites-y un lien."]
    assert KitPage.objects.count() == 1


def test_draft_and_private_kits_are_not_adapted(home, editor):
    private = make_kit(title="Privé")
    PageViewRestriction.objects.create(page=private.basepage_ptr, restriction_type="login")
    for kit in (make_kit(title="Brouillon", live=False), private):
        with pytest.raises(ValidationError) as refused:
            adapt_kit(kit, user=editor)
        assert refused.value.messages == [NOT_PUBLISHED]


def test_reviewer_adds_nothing(kit, reviewer):
    with pytest.raises(PermissionDenied):
        adapt_kit(kit, user=reviewer)
    assert KitPage.objects.count() == 1


def test_contributor_adapts_without_publishing(kit, contributor):
    copy = adapt_kit(kit, user=contributor)
    assert (copy.owner, copy.live) == (contributor, False)


# Counting


def test_downloads_are_counted_by_day_and_by_file(kit):
    document = kit.pieces[1].value["document"]
    for target, day in ((document, DAY), (document, DAY), (None, DAY), (document, DAY + timedelta(days=1))):
        count_download(kit=kit, document=target, day=day)
    assert list(Download.objects.order_by("pk").values_list("document", "is_archive", "day", "count")) == [
        (document.pk, False, DAY, 2),
        (None, True, DAY, 1),
        (document.pk, False, DAY + timedelta(days=1), 1),
    ]


def test_counts_of_deleted_files_remain_and_are_those_of_no_other(kit):
    for name in ("un.csv", "deux.csv"):
        count_download(kit=kit, document=(document := make_document(name=name)), day=DAY)
        document.delete()
    count_download(kit=kit, document=None, day=DAY)
    assert sorted((row.target, row.count) for row in Download.objects.all()) == [
        ("Fichier supprimé depuis", 1),
        ("Fichier supprimé depuis", 1),
        ("Tous les fichiers (ZIP)", 1),
    ]


@pytest.mark.parametrize("is_archive", [True, False])
def test_database_keeps_one_count_a_day(kit, is_archive):
    fields = {"kit": kit, "day": DAY, "is_archive": is_archive, "document": None if is_archive else make_document()}
    Download.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Download.objects.create(**fields)


def test_count_is_no_use_of_the_document(kit):
    document = kit.pieces[1].value["document"]
    before = len(document.get_usage())
    count_download(kit=kit, document=document, day=DAY)
    assert len(document.get_usage()) == before
