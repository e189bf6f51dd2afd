"""``python -m territoires_en_commun.operations [--prepare-only]``: prepare this machine's site, then serve it."""

import argparse
import os
import sys

from .environment import BASE_DIR, address_of, port_is_free, write_env_file
from .serve import STOPPED_BY_SIGNAL, Supervisor, site_commands

SIGINT = 2


def main() -> int:
    parser = argparse.ArgumentParser(description="Prépare le site de cette machine, puis le sert.")
    parser.add_argument("--prepare-only", action="store_true", help="s'arrête une fois le site prêt")
    options = parser.parse_args()
    os.chdir(BASE_DIR)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "territoires_en_commun.settings")
    if write_env_file():
        print("Configuration écrite dans .env, avec une clé secrète neuve.")  # noqa: T201
    from django.conf import settings

    host, port = address_of(settings.SITE_URL)
    if not options.prepare_only and not port_is_free(host, port):
        sys.exit(
            f"Le port {port} est déjà pris : arrêtez ce qui l'occupe, ou changez SITE_URL dans .env "
            f"(par exemple http://127.0.0.1:{port + 1})."
        )
    from .prepare import prepare

    announcement = prepare()
    print(announcement, flush=True)  # noqa: T201
    if options.prepare_only:
        return 0
    print("→ Démarrage du site, de ses tâches de fond et de ses travaux planifiés (Ctrl-C arrête tout)…", flush=True)  # noqa: T201
    return Supervisor(site_commands(host, port)).run()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(STOPPED_BY_SIGNAL + SIGINT)
    except ValueError as error:
        sys.exit(str(error))
