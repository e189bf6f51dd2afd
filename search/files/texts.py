"""Texts as the search keeps them. Without Django."""

import unicodedata

# Control, format (invisible), surrogate, private (bullets of PDF fonts) and unassigned characters: nobody types them,
# and PostgreSQL stores neither NUL nor half a pair of surrogates.
REMOVED = {"Cc", "Cf", "Cs", "Co", "Cn"}
LIGATURES = range(0xFB00, 0xFB07)  # « ﬁ » and others, which PDF files hold in the place of their letters


class _Kept(dict):
    """What becomes of each character, found once for each: a table of ``str.translate``."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        if character.isspace():
            kept = " "
        elif unicodedata.category(character) in REMOVED:
            kept = None
        else:
            kept = unicodedata.normalize("NFKC", character) if code in LIGATURES else character
        self[code] = kept
        return kept


_KEPT = _Kept()


def plain(text: str) -> str:
    """A text on one line, composed (NFC), without invisible characters, its spaces single."""
    return unicodedata.normalize("NFC", " ".join(text.translate(_KEPT).split()))
