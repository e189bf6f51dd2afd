"""Logging filter that keeps the tokens of signed links out of the logs (SEC-12)."""

import logging
import re

# A payload in URL-safe base64, a dot, then a SHA-256 signature (43 characters): see links.py.
SIGNED = r"[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"
# A moment in base 36, then 32 hexadecimal digits: Django's links to choose a password.
CHOSEN = r"(?<=/)[0-9a-z]{1,13}-[0-9a-f]{32}(?![0-9a-f])"
TOKEN = re.compile(f"{SIGNED}|{CHOSEN}")
QUERY = re.compile(r"(?<=\s)(/[^\s?\"]*)\?[^\s\"]*")


def cut_tokens(text: str) -> str:
    """The text without its tokens, nor the query strings of its paths."""
    return QUERY.sub(r"\1?…", TOKEN.sub("[jeton]", text))


class CutTokens(logging.Filter):
    """Cuts tokens from the message and from the traceback of each record; lets every record through."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if (cut := cut_tokens(message)) != message:
            record.msg, record.args = cut, None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = TOKEN.sub("[jeton]", record.exc_text)
        return True
