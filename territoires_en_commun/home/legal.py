"""Facts of the mandated pages that must stay true whatever editors write."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from territoires_en_commun.base.site_info import get_site_info

from .processing import load_processing

TECHNOLOGIES = "HTML5\nWAI-ARIA\nCSS\nJavaScript\nSVG"
UNKNOWN_WITHOUT_AUDIT = "Cette liste sera établie par l’audit."
NOTHING_DECLARED = "Aucune."


class LegalKind(models.TextChoices):
    """Pages that the law or the State's standards ask for; the value is also the slug."""

    ACCESSIBILITY = "accessibilite", "déclaration d’accessibilité"
    LEGAL_NOTICE = "mentions-legales", "mentions légales"
    PRIVACY = "donnees-personnelles", "données personnelles"
    TERMS = "cgu", "conditions générales d’utilisation"
    COOKIES = "gestion-des-cookies", "gestion des cookies"
    ECODESIGN = "ecoconception", "écoconception"


def legal_context(page) -> dict:
    """What the template of a legal page shows besides the editors' text."""
    info = get_site_info()
    audit = info.audit
    context = {"facts": info.settings, "site": info, "audit": audit, "status": info.accessibility_status}
    if page.kind == LegalKind.PRIVACY:
        context["processing"] = load_processing()
    elif page.kind == LegalKind.COOKIES:
        context["cookies"] = stored_items()
    elif page.kind == LegalKind.ACCESSIBILITY:
        published_at = page.first_published_at or timezone.now()
        context |= {
            "established_on": audit.date if audit else timezone.localdate(published_at),
            "default_technologies": TECHNOLOGIES,
            "unknown_text": NOTHING_DECLARED if audit else UNKNOWN_WITHOUT_AUDIT,
        }
    return context


def stored_items() -> list[dict[str, str]]:
    """What the platform may keep on a visitor's device, with the names really in use."""
    return [
        {
            "name": f"Cookie « {settings.CSRF_COOKIE_NAME} »",
            "purpose": "Vérifier qu’un formulaire vient bien de ce site (sécurité).",
            "where": "À l’ouverture d’un formulaire qui s’envoie (contact, signalement d’une erreur, inscription à un "
            "événement, partage d’une expérience, message à son porteur, confirmation d’un lien reçu par courriel) ; "
            "à l’ouverture de l’espace de rédaction.",
            "duration": "Un an.",
        },
        {
            "name": f"Cookie « {settings.SESSION_COOKIE_NAME} »",
            "purpose": "Garder la connexion des rédacteurs.",
            "where": "À la connexion à l’espace de rédaction.",
            "duration": f"{settings.SESSION_COOKIE_AGE // 3600} heures au plus ; effacé à la fermeture du navigateur.",
        },
        {
            "name": "Stockage local « scheme »",
            "purpose": "Se souvenir du thème d’affichage choisi ; n’est pas envoyé au serveur.",
            "where": "Quand vous changez les paramètres d’affichage.",
            "duration": "Jusqu’à ce que vous l’effaciez.",
        },
    ]
