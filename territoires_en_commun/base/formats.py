"""How French writes numbers."""


def grouped(number: int) -> str:
    """« 1 234 567 », with narrow no-break spaces."""
    return f"{number:,}".replace(",", "\u202f")
