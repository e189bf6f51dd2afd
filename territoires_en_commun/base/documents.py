"""What a link to a file must say of it (RGAA 13.3): format, weight, language."""

from django.utils.translation import get_language_info


def format_weight(size: int) -> str:
    """A number of bytes in French decimal units, as in « 1,2 Mo »."""
    weight, unit = float(size), "o"
    for larger in ("ko", "Mo", "Go"):
        if weight < 1000:
            break
        weight, unit = weight / 1000, larger
    return f"{weight:.1f}".removesuffix(".0").replace(".", ",") + f"\u00a0{unit}"


def language_name(code: str) -> str:
    """A language as French names it, as in « anglais »; the code itself when it is not known."""
    try:
        return get_language_info(code)["name_translated"].lower()
    except KeyError:
        return code


def document_detail(document) -> str:
    """Format, weight and language of a file, as in « PDF, 1,2 Mo, français »; what is not known is left out."""
    try:
        size = document.get_file_size() or 0
    except OSError:
        size = 0
    parts = [document.file_extension.upper(), format_weight(size) if size else "", language_name(document.language)]
    return ", ".join(part for part in parts if part)
