"""Settings, safe for production; each variable is read once and listed in .env.example."""

import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

PROJECT_DIR = Path(__file__).resolve().parent
BASE_DIR = PROJECT_DIR.parent
env = environ.Env()
env.read_env(env.str("DOTENV_PATH", default=str(BASE_DIR / ".env")))

DEBUG = env.bool("DEBUG", default=False)


def required(variable: str, reader, development: str):
    """The value of a variable without which production must not start."""
    if DEBUG:
        return reader(variable, default=development)
    try:
        return reader(variable)
    except ImproperlyConfigured:
        sys.exit(f"Démarrage impossible : la variable d'environnement {variable} manque (voir .env.example).")


SECRET_KEY = required("SECRET_KEY", env.str, "development-only-secret-key-development-only-secret-key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # still read what older keys signed
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SITE_IS_HTTPS = SITE_URL.startswith("https://")
SITE_HOST = SITE_URL.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VERSION = env.str("VERSION", default="")
SITE_IS_INDEXABLE = env.bool("INDEXABLE", default=SITE_IS_HTTPS and not DEBUG)
MAINTENANCE = env.bool("MAINTENANCE", default=False)
# Seconds for which a cache may show a public page without asking again; 0 asks each time, which an ETag makes light.
PAGE_MAX_AGE = env.int("PAGE_MAX_AGE", default=0)

# Core

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[SITE_HOST])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
INSTALLED_APPS = [
    "territoires_en_commun.users",
    "territoires_en_commun.territories",
    "territoires_en_commun.mailing",
    "territoires_en_commun.imports",
    "territoires_en_commun.base",
    "territoires_en_commun.home",
    "agenda",
    "blog",
    "ressources",
    "annuaire",
    "search",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "dsfr",
    "widget_tweaks",
    "phonenumber_field",
    "ninja",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]
MIDDLEWARE = [
    "territoires_en_commun.middleware.HealthMiddleware",
    "territoires_en_commun.home.health.ReadinessMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "territoires_en_commun.middleware.PublicPageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "territoires_en_commun.shared_reads.SharedReadsMiddleware",
    "territoires_en_commun.middleware.MaintenanceMiddleware",
    "territoires_en_commun.middleware.OnlySiteMiddleware",
    "territoires_en_commun.middleware.AdminPolicyMiddleware",
    "territoires_en_commun.base.middleware.PublicationRefusedMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
ROOT_URLCONF = "territoires_en_commun.urls"
WSGI_APPLICATION = "territoires_en_commun.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database

DATABASES = {"default": required("DATABASE_URL", env.db_url, f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DATABASES["default"].setdefault("OPTIONS", {})
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA cache_size=-20000; PRAGMA mmap_size=134217728;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Milliseconds; the worker and the commands set their own through DATABASE_STATEMENT_TIMEOUT.
    statement_timeout = env.int("DATABASE_STATEMENT_TIMEOUT", default=15_000)
    DATABASES["default"]["OPTIONS"]["options"] = f"-c statement_timeout={statement_timeout} -c lock_timeout=10000"
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)

# Cache

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

# Templates

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Internationalisation

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
PHONENUMBER_DEFAULT_REGION = "FR"
PHONENUMBER_DB_FORMAT = "E164"
USE_TZ = True
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = WAGTAILADMIN_PERMITTED_LANGUAGES = [("fr", "Français")]

# Static files and media

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [PROJECT_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "territoires_en_commun.base.staticfiles.BundleFinder",
    "territoires_en_commun.base.staticfiles.AppFinder",
]
DSFR_BUNDLE_DIR = VAR_DIR / "bundle"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "territoires_en_commun.base.staticfiles.HashedStorage"},
}
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
DSFR_USE_INTEGRITY_CHECKSUMS = False  # manifest storage rewrites url(): the hashes would not match

# Users

AUTH_USER_MODEL = "users.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "wagtailadmin_login"

# Security. The scheme of SITE_URL drives redirection, HSTS and cookie names.

SECURE_SSL_REDIRECT = SITE_IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = 31_536_000 * 2 if SITE_IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SITE_IS_HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # the editor previews pages in a frame of the same origin
SESSION_COOKIE_NAME = "__Host-session" if SITE_IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SITE_IS_HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_AGE = None  # forgotten with the browser, like the session
CSRF_FAILURE_VIEW = "territoires_en_commun.base.error_views.csrf_failure"
# /.well-known/security.txt (RFC 9116): who checks the contact sets a new date, less than a year ahead.
SECURITY_CONTACTS = env.list("SECURITY_CONTACTS", default=[f"{SITE_URL}/contact/"])
SECURITY_TXT_EXPIRES = env.str("SECURITY_TXT_EXPIRES", default="2027-10-31")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Hosts of videos (base/video.py); nothing is asked of them before a click.
        "frame-src": [
            SELF,
            "https://tube.numerique.gouv.fr",
            "https://geo.dailymotion.com",
            "https://player.vimeo.com",
            "https://www.youtube-nocookie.com",
        ],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
PERMISSIONS_POLICY = {
    feature: []
    for feature in ("camera", "microphone", "geolocation", "payment", "usb", "display-capture", "browsing-topics")
}

# Mail

MAIL_BACKENDS = "territoires_en_commun.mailing.backends"
env.EMAIL_SCHEMES |= {"eml": f"{MAIL_BACKENDS}.EmlBackend"}
env.EMAIL_SCHEMES |= dict.fromkeys(["smtp", "smtps", "smtp+tls", "smtp+ssl"], f"{MAIL_BACKENDS}.SmtpBackend")
EMAIL_URL = env.email_url("EMAIL_URL", default="eml://")
vars().update(EMAIL_URL)
MAILING_TRANSPORT = EMAIL_URL["EMAIL_BACKEND"]  # what the worker sends the outbox with
EMAIL_BACKEND = f"{MAIL_BACKENDS}.OutboxBackend"  # the mails of Django and Wagtail wait in the outbox too
EMAIL_TIMEOUT = 15
EMAIL_FILE_PATH = VAR_DIR / "mails"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("FROM_EMAIL", default=f"Territoires en commun <contact@{SITE_HOST}>")
MAILING_MAX_ATTEMPTS = 20  # about three days, the delays doubling from one minute to six hours
MAILING_LEASE_SECONDS = 60  # a worker silent for that long loses the mail it was preparing
MAILING_KEEP_CONTENT_DAYS = env.int("MAILING_KEEP_CONTENT_DAYS", default=30)
MAILING_KEEP_DAYS = env.int("MAILING_KEEP_DAYS", default=365)
MAILING_EXPECTED_PROCESSES = ["worker", "scheduler"]  # /readyz says when one gives no sign of life

# Tasks

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Logs: one line per event, to the standard error; no query string is ever logged (signed links).

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"tokens": {"()": "territoires_en_commun.mailing.log_filters.CutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "django_tasks": {"level": "WARNING"},  # two lines for each task, several for each publication
        "elastic_transport": {"level": "ERROR"},  # one line for each request; what fails is told by the search
    },
}

# Links of pages to other sites, asked each night (base/dead_links): no internal network, no other port.

LINK_CHECK_PORTS = [80, 443]
LINK_CHECK_EXTRA_NETWORKS: list[str] = []  # internal networks that may be asked all the same: in tests only
LINK_CHECK_TIMEOUT = 10  # seconds for one answer
LINK_CHECK_PAUSE = 1.0  # seconds between two requests to one host
LINK_CHECK_PER_RUN = 1000
LINK_CHECK_OWN_PER_RUN = 10_000  # addresses of the site itself, which cost no request

# Territories: seconds between two checks that the search index of the process is that of the database's map.

TERRITORY_SEARCH_REFRESH = 30

# Search (docs/decisions/0010): the folder of the embedded index, and whether meaning counts beside words.

SEARCH_URL = env.str("SEARCH_URL", default="")  # of Elasticsearch 9; empty: the embedded engine
SEARCH_TIMEOUT = 2  # seconds before the embedded engine answers instead
SEARCH_INDEX_PREFIX = env.str("SEARCH_INDEX_PREFIX", default="territoires_")
SEARCH_DIR = VAR_DIR / "search"
SEARCH_MEANING = env.bool("SEARCH_MEANING", default=True)
SEARCH_PREPARED_IN_REQUEST = 20  # changed pages that a search reads itself; more are read beside the requests
SEARCH_LOOK_FOR_MISSED = 600  # seconds between two looks of a web process for pages written without a word
# What reading the text of one document may take (search/files).
SEARCH_FILE_MAX_PAGES = env.int("SEARCH_FILE_MAX_PAGES", default=300)
SEARCH_FILE_MAX_CHARACTERS = env.int("SEARCH_FILE_MAX_CHARACTERS", default=1_000_000)
SEARCH_FILE_MAX_SECONDS = env.int("SEARCH_FILE_MAX_SECONDS", default=30)
SEARCH_FILE_MAX_MEMORY_MB = env.int("SEARCH_FILE_MAX_MEMORY_MB", default=512)

# Wagtail

WAGTAIL_SITE_NAME = "Territoires en commun"
WAGTAIL_PAGE_MODEL = "base.BasePage"
WAGTAILIMAGES_IMAGE_MODEL = "base.CustomImage"
WAGTAILDOCS_DOCUMENT_MODEL = "base.CustomDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "territoires_en_commun.base.media_forms.DocumentForm"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_EXTERNAL_LINK_CONVERSION = "exact"  # an address with parameters or a fragment keeps them
WAGTAILADMIN_USER_LOGIN_FORM = "territoires_en_commun.users.forms.EmailLoginForm"
WAGTAIL_FINISH_WORKFLOW_ACTION = "territoires_en_commun.home.workflow.publish_approved"
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_I18N_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}
if SEARCH_URL:
    WAGTAILSEARCH_BACKENDS = {
        "default": {
            "BACKEND": "search.elastic.backend",
            "URLS": [SEARCH_URL],
            "INDEX_PREFIX": SEARCH_INDEX_PREFIX,
            "TIMEOUT": SEARCH_TIMEOUT,
            "OPTIONS": {"max_retries": 0},
        },
        "database": WAGTAILSEARCH_BACKENDS["default"],  # answers the editing space when the server does not
    }
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "epub", "ics", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx", "zip"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024
WAGTAILEMBEDS_FINDERS = []
TAGGIT_CASE_INSENSITIVE = True
