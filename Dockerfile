# Two stages: the first installs and collects, the second runs, without compiler, cache nor root.

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt
COPY . .
# Hashed names and Brotli at build time: the containers only read them. These values exist in this command alone.
RUN SECRET_KEY=only-to-collect-static-files-during-the-build-000000 DATABASE_URL=sqlite://:memory: \
    SITE_URL=https://exemple.gouv.fr python manage.py collectstatic --noinput --verbosity 0 && \
    python -m compileall -q territoires_en_commun annuaire ressources blog agenda search

FROM python:3.11-slim-bookworm
ARG VERSION=
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BIND=0.0.0.0:8000 VERSION=$VERSION
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin web
WORKDIR /app
COPY --from=build /app /app
RUN mkdir -p /app/var/media /app/var/mails && chown -R web:web /app/var/media /app/var/mails
USER web
EXPOSE 8000
VOLUME /app/var/media
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 \
    CMD ["python", "-c", "import http.client as h, sys; c = h.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
CMD ["gunicorn", "--config", "python:territoires_en_commun.gunicorn", "territoires_en_commun.wsgi"]
