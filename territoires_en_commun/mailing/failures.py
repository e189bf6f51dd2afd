"""What an error met while sending means for the mail."""

import re
import smtplib
from dataclasses import dataclass

MESSAGE_TOO_LARGE = 552


@dataclass(frozen=True)
class Failure:
    """One failed attempt: a French message, and whether to try again.

    `permanent`: trying again would fail the same way. `uncertain`: the server may have accepted the mail.
    `relay_down`: the mail server itself is at fault, other mails would meet the same error.
    """

    message: str
    permanent: bool = False
    uncertain: bool = False
    relay_down: bool = False


def diagnose(error: Exception, *, handed_over: bool) -> Failure:
    """Sort an error (RFC 5321, 4.2.1: 4yz transient, 5yz permanent).

    `handed_over`: the hand-over was marked, so that without an explicit refusal the mail may have been accepted.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        return Failure(_sentence("Le serveur a refusé le destinataire", code, reply), permanent=_is_permanent(code))
    if isinstance(error, smtplib.SMTPResponseException):
        return _diagnose_refusal(error)
    text = _clean(f"{type(error).__name__} : {error}")
    if handed_over:
        return Failure(text, uncertain=True)
    if isinstance(error, OSError):  # smtplib.SMTPException is an OSError
        return Failure(f"Le serveur de courriel ne répond pas ({text})"[:500], relay_down=True)
    return Failure(f"Erreur inattendue ({text})"[:500])


def _diagnose_refusal(error: smtplib.SMTPResponseException) -> Failure:
    """A refusal of the message itself may be permanent; one of the sender or of our password is for us to repair."""
    code = error.smtp_code
    if isinstance(error, smtplib.SMTPDataError) or code == MESSAGE_TOO_LARGE:
        text = _sentence("Le serveur a refusé le message", code, error.smtp_error)
        return Failure(text, permanent=_is_permanent(code))
    return Failure(_sentence("Le serveur a refusé l’expéditeur", code, error.smtp_error), relay_down=True)


def _is_permanent(code: int) -> bool:
    return 500 <= code < 600


def _sentence(label: str, code: int, reply: bytes | str) -> str:
    if isinstance(reply, bytes):
        reply = reply.decode(errors="replace")
    return _clean(f"{label} : {code} {reply}")


def _clean(text: str) -> str:
    return re.sub(r"[\x00-\x20\x7f\ud800-\udfff]+", " ", text).strip()[:500]
