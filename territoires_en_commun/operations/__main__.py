"""``python -m territoires_en_commun.operations [--development]``: prepare this machine's site, then serve it."""

import argparse
import os
import sys

from .environment import BASE_DIR, address_of, port_is_free, write_env_file
from .serve import STOPPED_BY_SIGNAL, Supervisor, site_commands

SIGINT = 2


def main() -> int:
    parser = argparse.ArgumentParser(description="Prépare le site de cette machine, puis le sert.")
    parser.add_argument(
        "--development", action="store_true", help="recharge à chaque changement, détaille les erreurs"
    )
    options = parser.parse_args()
    if options.development:
        os.environ["DEBUG"] = "1"
    os.chdir(BASE_DIR)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "territoires_en_commun.settings")
    if write_env_file():
        print("Configuration écrite dans .env, avec une clé secrète neuve.")  # noqa: T201
    from django.conf import settings

    try:
        host, port = address_of(settings.SITE_URL)
    except ValueError as error:
        sys.exit(str(error))
    if not port_is_free(host, port):
        sys.exit(
            f"Le port {port} est déjà pris : arrêtez ce qui l'occupe, ou changez SITE_URL dans .env "
            f"(par exemple http://127.0.0.1:{port + 1})."
        )
    from .prepare import prepare

    announcement = prepare()
    print(announcement, flush=True)  # noqa: T201
    print("→ Démarrage du site, de ses tâches de fond et de ses travaux planifiés (Ctrl-C arrête tout)…", flush=True)  # noqa: T201
    return Supervisor(site_commands(host, port, reload=options.development)).run()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(STOPPED_BY_SIGNAL + SIGINT)
