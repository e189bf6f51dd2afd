"""The mails that the served site sent, read from its folder."""

import email
import email.policy
import time


def mails_to(folder, address: str) -> dict[str, str]:
    """The text of the mails that left for this address, by subject."""
    mails = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in (folder / "mails").glob("*.eml")
    ]
    return {
        mail["Subject"].strip(): mail.get_body(("plain",)).get_content() for mail in mails if mail["To"] == address
    }


def wait_for_mail(folder, address: str, subject: str, seconds: float = 60) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if text := mails_to(folder, address).get(subject):
            return text
        time.sleep(0.5)
    raise AssertionError(f"« {subject} » n’est pas arrivé : {sorted(mails_to(folder, address))}")
