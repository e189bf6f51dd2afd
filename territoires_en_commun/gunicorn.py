"""Gunicorn's settings, in production as with ``make run``.

From the environment: BIND (an address and a port) or PORT (on every address), WEB_CONCURRENCY (processes),
ACCESS_LOG (a file, ``-`` for the standard output, empty for none).
"""

import gc
import logging
import os

from gunicorn.http.wsgi import Response

from territoires_en_commun.mailing.log_filters import CutTokens

bind = os.environ.get("BIND") or (f"0.0.0.0:{os.environ['PORT']}" if "PORT" in os.environ else "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
preload_app = True  # the memory of the code and of the territory index is shared by the workers
timeout = 30
graceful_timeout = 20
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - memory, so that heartbeats never wait for a disk
control_socket_disable = True  # one fixed path per account: two sites on a machine would share it
accesslog = os.environ.get("ACCESS_LOG", "-") or None
# Neither query strings nor referrers, which may hold signed links; the address is the proxy's.
access_log_format = '%(t)s %(h)s "%(m)s %(U)s" %(s)s %(B)s o %(M)s ms'

_default_headers = Response.default_headers


def _headers_without_server(self):
    """What serves the site is nobody's business (SEC-3)."""
    return [header for header in _default_headers(self) if not header.startswith("Server:")]


Response.default_headers = _headers_without_server


def on_starting(server):
    """A path may hold a signed link, which nobody must read in a log (GDPR-5)."""
    server.log.access_log.addFilter(CutTokens())


def when_ready(server):
    """Read the territory index and the model of meaning before the workers fork: no visitor waits, all share them."""
    from django.conf import settings
    from django.db import connections

    from search.meaning import warm_up
    from territoires_en_commun.territories.search import search_territories

    try:
        search_territories("nantes", limit=1)
        warm_up()
    except Exception:  # a database that is down must not keep the error pages from being served
        logging.getLogger(__name__).exception("Index des territoires ou modèle de langue non préchargé")
    connections.close_all()
    gc.collect()
    gc.freeze()  # the collector of a worker leaves shared memory alone, so that it stays shared
    server.log.info("Le site répond sur %s", settings.SITE_URL)
