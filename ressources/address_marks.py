"""What stands for an address where the address itself must not be: in a link, or beside a message that was relayed."""

from annuaire.models.contacts import fingerprint, fingerprints

LENGTH = 32  # hexadecimal digits: links stay short, and nobody guesses one


def mark_of(address: str) -> str:
    """The mark of an address, keyed: nobody else makes it, and it does not give the address back."""
    return fingerprint(address)[:LENGTH]


def is_marked(address: str, mark: str) -> bool:
    """Whether a mark is that of an address, under the keys of today or of before."""
    return bool(address) and mark in {known[:LENGTH] for known in fingerprints(address)}
