"""What a mail may contain: rendering of its templates and checks of its fields (SEC-10)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.template import Context
from django.template.loader import get_template

KEY = re.compile(r"[a-z0-9][a-z0-9:._-]{0,199}")
TEMPLATE = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)*")
CONTENT_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(; ?[a-z0-9-]+=[A-Za-z0-9._-]+)*")
FORBIDDEN_IN_HEADERS = {"Cc", "Cs", "Zl", "Zp"}
MAX_SUBJECT = 255  # characters
MAX_ATTACHMENTS_SIZE = 7 * 1024 * 1024  # bytes; base64 adds a third and many relays stop at 10 MB


@dataclass(frozen=True)
class Attachment:
    """A file for `queue_mail`; text content is encoded in UTF-8."""

    name: str
    content: bytes | str
    content_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Content:
    """The rendered parts of a mail."""

    subject: str
    text: str
    html: str


def check_key(key: str) -> str:
    """Raise ValueError: a bad key is a fault of the caller, never of the visitor."""
    if not KEY.fullmatch(key):
        raise ValueError(f"Bad mail key {key!r}: 1 to 200 of a-z 0-9 : . _ -")
    return key


def check_header(value: str, label: str, max_length: int) -> str:
    """The value without surrounding spaces; raise ValidationError on what could forge a header (RFC 5322, 2.2)."""
    value = (value or "").strip()
    if len(value) > max_length:
        raise ValidationError(f"{label} : {max_length} caractères au plus ({len(value)} reçus).", code="too_long")
    if any(unicodedata.category(character) in FORBIDDEN_IN_HEADERS for character in value):
        raise ValidationError(
            f"{label} : les retours à la ligne et les caractères de contrôle sont refusés.", code="header_injection"
        )
    return value


def check_address(value: str, label: str) -> str:
    """An e-mail address, its domain in lower case; raise ValidationError."""
    value = check_header(value, label, 254)
    try:
        validate_email(value)
    except ValidationError as error:
        raise ValidationError(f"{label} : saisissez une adresse e-mail valide.", code="invalid") from error
    local, domain = value.rsplit("@", 1)
    if len(local) > 64:
        raise ValidationError(f"{label} : saisissez une adresse e-mail valide.", code="invalid")
    return f"{local}@{domain.lower()}"


def check_body(value: str, label: str) -> str:
    """Raise ValidationError on what neither a database nor a mail can hold."""
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise ValidationError(f"{label} : le texte contient des caractères illisibles.", code="unreadable")
    return value


def check_unsubscribe_url(value: str) -> str:
    value = check_header(value, "Adresse de désabonnement", 500)
    if value and not value.startswith(f"{settings.SITE_URL}/"):
        URLValidator(schemes=["https"], message="Adresse de désabonnement : adresse invalide.")(value)
    return value


def check_attachments(attachments: Sequence[Attachment]) -> list[tuple[str, str, bytes]]:
    """Rows (name, type, bytes); raise ValidationError on a bad name or type, or beyond 7 MB in all."""
    rows = []
    for attachment in attachments:
        name = check_header(attachment.name, "Nom de la pièce jointe", 150)
        if not name or "/" in name or "\\" in name:
            raise ValidationError("Nom de la pièce jointe : nom de fichier invalide.", code="invalid")
        if not CONTENT_TYPE.fullmatch(attachment.content_type) or len(attachment.content_type) > 150:
            raise ValidationError("Type de la pièce jointe : type inconnu.", code="invalid")
        content = attachment.content
        if isinstance(content, str):
            content = check_body(content, "Pièce jointe").encode()
        elif attachment.content_type.startswith("text/"):
            try:
                content.decode()
            except UnicodeDecodeError as error:
                message = "Pièce jointe : un texte doit être codé en UTF-8."
                raise ValidationError(message, code="unreadable") from error
        rows.append((name, attachment.content_type, content))
    if sum(len(content) for _, _, content in rows) > MAX_ATTACHMENTS_SIZE:
        raise ValidationError("Pièces jointes : 7 Mo au plus en tout.", code="too_large")
    return rows


def render(template: str, context: dict) -> Content:
    """Render `mailing/<template>_subject.txt`, `.txt` and `.html`.

    The context gains `site_name`, `site_url`, `contact_email` and `subject`. Text is not escaped; HTML is. A subject
    of more than 255 characters is cut.
    Raise ValueError on a bad template name, TemplateDoesNotExist, and ValidationError on a forged subject.
    """
    if not TEMPLATE.fullmatch(template) or len(template) > 100:
        raise ValueError(f"Bad mail template name {template!r}")
    context = {
        "site_name": settings.WAGTAIL_SITE_NAME,
        "site_url": settings.SITE_URL,
        "contact_email": settings.DEFAULT_FROM_EMAIL.rsplit("<", 1)[-1].rstrip(">"),
    } | context
    title = _render_text(f"mailing/{template}_subject.txt", context).strip()
    subject = check_header(_cut(title), "Sujet", MAX_SUBJECT)
    if not subject:
        raise ValidationError("Sujet : ce champ est obligatoire.", code="required")
    context["subject"] = subject
    text = _render_text(f"mailing/{template}.txt", context).strip() + "\n"
    html = get_template(f"mailing/{template}.html").render(context)
    return Content(subject, check_body(text, "Texte"), check_body(html, "Version HTML"))


def _cut(subject: str) -> str:
    """The title that a subject names must not keep a mail from being sent."""
    return subject if len(subject) <= MAX_SUBJECT else subject[: MAX_SUBJECT - 1].rstrip() + "…"


def _render_text(name: str, context: dict) -> str:
    return get_template(name).template.render(Context(context, autoescape=False))
