"""Site settings, accessibility audit, and what the dashboard says of them."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from territoires_en_commun.base.models import (
    AccessibilityAudit,
    AccessibilityStatus,
    HeaderLink,
    SiteSettings,
    accessibility_status,
)
from territoires_en_commun.base.models.accessibility import add_months
from territoires_en_commun.base.site_admin import audit_warning, site_warnings
from territoires_en_commun.base.site_info import get_site_info
from tests.factories import ImageFactory

TODAY = date(2026, 11, 23)


def audit(**fields) -> AccessibilityAudit:
    defaults = {
        "date": date(2026, 1, 15),
        "auditor": "Cabinet Exemple",
        "conform_count": 40,
        "applicable_count": 50,
        "environment": "Firefox et NVDA",
        "tools": "Axe",
        "sample": "Accueil : /",
    }
    return AccessibilityAudit(**defaults | fields)


@pytest.mark.parametrize(
    ("conform", "applicable", "label"),
    [
        (50, 50, "totalement conforme"),
        (49, 50, "partiellement conforme"),
        (25, 50, "partiellement conforme"),
        (2499, 5000, "non conforme"),
        (0, 50, "non conforme"),
    ],
)
def test_status_follows_the_rate(conform, applicable, label):
    assert audit(conform_count=conform, applicable_count=applicable).status(TODAY).label == label


def test_rate_is_never_rounded_up():
    assert audit(conform_count=2, applicable_count=3).rate == Decimal("66.66")
    assert audit(conform_count=10_000, applicable_count=10_001).rate == Decimal("99.99")


def test_status_without_audit_is_non_conforme():
    assert accessibility_status(None, TODAY) is AccessibilityStatus.NONE


@pytest.mark.parametrize(
    ("fields", "last_day"),
    [
        ({"date": date(2024, 1, 15)}, date(2027, 1, 14)),
        ({"date": date(2024, 2, 29)}, date(2027, 2, 28)),
        ({"date": date(2026, 1, 15), "superseded_on": date(2026, 3, 1)}, date(2027, 8, 31)),
        ({"date": date(2024, 1, 15), "superseded_on": date(2026, 3, 1)}, date(2027, 1, 14)),
    ],
)
def test_audit_expires(fields, last_day):
    current = audit(**fields)
    assert current.status(last_day) is AccessibilityStatus.PARTIAL
    assert current.status(current.expires_on) is AccessibilityStatus.NONE
    assert (current.expires_on - last_day).days == 1


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 18, date(2028, 3, 1)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 1, 31), 1, date(2026, 3, 1)),
    ],
)
def test_months_are_added_to_the_calendar(day, months, expected):
    assert add_months(day, months) == expected


@pytest.mark.parametrize("counts", [{"conform_count": 51}, {"applicable_count": 0, "conform_count": 0}])
def test_impossible_counts_are_refused(db, counts):
    wrong = audit(**counts)
    with pytest.raises(ValidationError):
        wrong.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong.save()


def test_latest_audit_gives_the_status_of_the_site(db, freeze):
    freeze("2026-11-23 10:00")
    audit(date=date(2023, 12, 1), conform_count=50).save()
    assert get_site_info().footer_links[1].label == "Accessibilité : totalement conforme"
    audit(date=date(2026, 1, 15), conform_count=30).save()
    assert get_site_info().footer_links[1].label == "Accessibilité : partiellement conforme"
    freeze("2029-01-15 00:30")
    assert get_site_info().footer_links[1].label == "Accessibilité : non conforme"


@pytest.mark.parametrize(
    ("latest", "expected"),
    [
        (None, "Aucun audit d’accessibilité"),
        (audit(date=date(2023, 1, 15)), "a expiré le 15/01/2026"),
        (audit(date=date(2024, 1, 15)), "expire le 15/01/2027"),
        (audit(), ""),
    ],
)
def test_warning_of_the_audit(latest, expected):
    warning = audit_warning(latest, TODAY)
    assert expected in warning
    assert bool(warning) == bool(expected)


def test_missing_facts_are_listed_until_they_are_given(db):
    first = site_warnings(TODAY)
    assert first[0].text.startswith("Mentions obligatoires à compléter : adresse électronique de contact, ")
    SiteSettings.objects.create(
        contact_email="contact@exemple.fr",
        publication_director="Camille Exemple",
        publication_director_title="Directrice",
        editor_name="Agence exemple",
        editor_address="1 rue de l’Exemple",
        editor_phone="01 00 00 00 00",
        host_name="Hébergeur exemple",
        host_address="2 rue de l’Exemple",
        host_phone="01 00 00 00 01",
        dpo_email="dpo@exemple.fr",
    )
    audit().save()
    assert site_warnings(TODAY) == []


def test_dashboard_shows_the_warnings_to_those_who_can_act(admin_client):
    html = admin_client.get("/admin/").content.decode()
    assert "Mentions obligatoires à compléter" in html
    assert 'href="/admin/settings/base/sitesettings/"' in html
    assert "Aucun audit d’accessibilité" in html


@pytest.mark.ignore_template_errors
def test_editor_saves_settings_and_audit(admin_client):
    edit = admin_client.get("/admin/settings/base/sitesettings/", follow=True)
    assert edit.status_code == 200
    assert "Texte du bloc-marque" in edit.content.decode()
    add = "/admin/snippets/base/accessibilityaudit/add/"
    data = {
        "date": "2026-01-15",
        "auditor": "Cabinet Exemple",
        "reference": "RGAA 4.1.2",
        "conform_count": "60",
        "applicable_count": "50",
        "technologies": "HTML5",
        "environment": "NVDA",
        "tools": "Axe",
        "sample": "Accueil",
        "updated_on": "2026-01-15",
    }
    refused = admin_client.post(add, data)
    assert "Les critères respectés ne peuvent dépasser" in refused.content.decode()
    assert admin_client.post(add, data | {"conform_count": "45"}).status_code == 302
    assert AccessibilityAudit.objects.get().rate == Decimal("90.00")


@pytest.mark.parametrize("url", ["/contact/", "https://exemple.fr/page"])
def test_link_is_accepted(url):
    link = HeaderLink(label="Lien", url=url)
    link.clean_fields(exclude=["settings"])

    assert link.url == url


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//exemple.fr", "http://exemple.fr", "contact", "data:text/html,x"]
)
def test_dangerous_link_is_refused(url):
    with pytest.raises(ValidationError, match="adresse complète"):
        HeaderLink(label="Lien", url=url).clean_fields(exclude=["settings"])


def test_logo_and_link_need_their_texts(db):
    site_settings = SiteSettings(operator_logo=ImageFactory(), notice_title="Info", notice_url="/contact/")
    with pytest.raises(ValidationError) as refusal:
        site_settings.full_clean()
    assert set(refusal.value.message_dict) == {"operator_logo_alt", "notice_link_label"}
    site_settings.operator_logo_alt = "Agence exemple"
    site_settings.notice_link_label = "Nous écrire"
    site_settings.full_clean()


def test_operator_logo_has_its_size_and_its_text(db):
    SiteSettings.objects.create(operator_logo=ImageFactory(), operator_logo_alt="Agence exemple")
    logo = get_site_info().operator_logo
    assert logo.alt == "Agence exemple"
    assert 0 < logo.width <= 400
    assert 0 < logo.height <= 180
