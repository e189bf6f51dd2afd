"""The ``.env`` file of a site on one's own machine."""

import os
import secrets
import socket
from pathlib import Path
from urllib.parse import quote, urlsplit

BASE_DIR = Path(__file__).resolve().parents[2]
ENV_FILE = BASE_DIR / ".env"
ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
TEMPLATE = """\
# Écrit une fois par « make run » ou « make dev », jamais réécrit. Toutes les variables : .env.example.
SECRET_KEY={secret_key}
DATABASE_URL=sqlite:///{database}
SITE_URL=http://127.0.0.1:8000
EMAIL_URL=eml://
"""


def write_env_file(path: Path = ENV_FILE) -> bool:
    """Write the file unless there is one, readable by its owner alone; say whether it was written."""
    secret_key = "".join(secrets.choice(ALPHABET) for _ in range(64))
    text = TEMPLATE.format(secret_key=secret_key, database=quote(str(BASE_DIR / "var" / "db.sqlite3")))
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return True


def address_of(site_url: str) -> tuple[str, int]:
    """The host and port to listen on for a local site address; raise ValueError for any other."""
    parts = urlsplit(site_url)
    if parts.scheme != "http" or parts.hostname not in {"127.0.0.1", "localhost"}:
        raise ValueError(
            f"SITE_URL vaut « {site_url} » : « make run » ne sert qu'une adresse de cette machine, "
            "comme http://127.0.0.1:8000. Pour la production, voyez docs/exploitation.md."
        )
    return "127.0.0.1", parts.port or 80


def port_is_free(host: str, port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return False
    return True
