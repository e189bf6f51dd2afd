"""The register of personal data processing that the privacy page shows (RGPD, article 30)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from territoires_en_commun.base.typography import typeset

REGISTER = Path(__file__).parent / "data" / "processing.toml"


@dataclass(frozen=True)
class Processing:
    """One purpose for which personal data is used, in the words shown to the public."""

    name: str
    purpose: str
    data: str
    basis: str
    retention: str
    recipients: str


@cache
def load_processing() -> tuple[Processing, ...]:
    """Every processing declared, in the order of the file. Raise TypeError when one lacks an answer."""
    text = REGISTER.read_text(encoding="utf-8")
    text = text.replace("{MAILING_KEEP_CONTENT_DAYS}", str(settings.MAILING_KEEP_CONTENT_DAYS))
    return tuple(Processing(**entry) for entry in tomllib.loads(typeset(text))["processing"])
