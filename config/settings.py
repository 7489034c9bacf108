"""Every setting, read from the environment; `.env.example` says what each variable means."""

import os
import re
from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import logs, rate_limits
from config.demo import running
from config.embedded import local

# lets our annotations name the model of an admin, form or manager
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

LOCAL_DIR = Path(env.str("LOCAL_DIR", default=str(BASE_DIR / ".local")))
# a command given beside a running `make demo` works on it
running.join(LOCAL_DIR, os.environ)
# the demo's and a developer's secrets are made once and kept; a real site must bring its own
DEVELOPMENT = env.bool("HOLDFAST_DEVELOPMENT", default=False)
DEBUG = env.bool("DEBUG", default=False)


def _required(name: str, made: str | None) -> str:
    value = env.str(name, default="") or made
    if not value:
        raise ImproperlyConfigured(f"{name} must be set; see .env.example.")
    return value


SECRET_KEY = _required("SECRET_KEY", local.secret_key(LOCAL_DIR) if DEVELOPMENT else None)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
FERNET_KEYS = _required("FERNET_KEYS", local.fernet_keys(LOCAL_DIR) if DEVELOPMENT else None).split(",")

# ── where it is reached ──────────────────────────────────────────────────────────────────────────────────────────
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
ADMIN_PATH = env.str("ADMIN_PATH", default="admin/")
HTTPS = PUBLIC_BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# ── apps ─────────────────────────────────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "config.apps.HoldfastConfig",
    "integrations",
    "bookings",
    "availability",
    "accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_q",
    "django_htmx",
    "timezone_field",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "bookings.middleware.keep_addresses_private",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "config.middleware.refuse_nul",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "accounts.middleware.reader_settings",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]

# ── database and queue ───────────────────────────────────────────────────────────────────────────────────────────
DATABASE_URL = _required("DATABASE_URL", local.database_url(LOCAL_DIR))
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "connect_timeout": 5,
        "tcp_user_timeout": 10_000,
        # plans are kept for prepared statements alone, and those are written to be right for any arguments
        "options": "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"
        " -c plan_cache_mode=force_generic_plan",
        # a statement is prepared only where it asks for it
        "prepare_threshold": 0 if env.bool("PREPARED_STATEMENTS", default=True) else None,
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default="")
Q_CLUSTER = {
    "name": "holdfast",
    "workers": env.int("WORKERS", default=2),
    "timeout": 240,
    "retry": 300,
    "max_attempts": 3,
    "ack_failures": True,
    "catch_up": False,
    "poll": 0.2,
    "save_limit": 250,
    "label": _("Queue"),
    **({"redis": REDIS_URL} if REDIS_URL else {"orm": "default"}),
}

# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# a pause, never a lock: ten failures from one address for one person, an hour
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "accounts.queries.address_tried"
AXES_LOCKOUT_TEMPLATE = "registration/paused.html"
AXES_CLIENT_IP_CALLABLE = "accounts.queries.address_of"
AXES_VERBOSE = False

# ── language and time ────────────────────────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# ── files and mail ───────────────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(LOCAL_DIR / "static")))
STATICFILES_BACKEND = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEVELOPMENT
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATICFILES_BACKEND},
}
WHITENOISE_USE_FINDERS = DEVELOPMENT
EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail://{LOCAL_DIR / 'mail'}")
if EMAIL_CONFIG["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_CONFIG["EMAIL_BACKEND"] = "accounts.services.smtp.EmailBackend"
elif EMAIL_CONFIG["EMAIL_FILE_PATH"]:
    # read from the URL without its first slash, it would lie below wherever a process was started
    EMAIL_CONFIG["EMAIL_FILE_PATH"] = f"/{EMAIL_CONFIG['EMAIL_FILE_PATH']}"
globals().update(EMAIL_CONFIG)
# a command, and the answer to a whole mail: who gives up on that too early sends mail twice
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT_SECONDS", default=15)
EMAIL_ANSWER_SECONDS = env.int("EMAIL_ANSWER_SECONDS", default=120)
MAIL_FIRST_WAIT_SECONDS = env.float("MAIL_FIRST_WAIT_SECONDS", default=15)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Holdfast <holdfast@localhost>")

# ── the outside ──────────────────────────────────────────────────────────────────────────────────────────────────
ICLOUD_CALDAV_URL = env.str("ICLOUD_CALDAV_URL", default="https://caldav.icloud.com/")
ICLOUD_HOST_PATTERN = env.str("ICLOUD_HOST_PATTERN", default=r"(p\d+-)?caldav\.icloud\.com(\.cn)?")
re.compile(ICLOUD_HOST_PATTERN)
CALDAV_ALLOWED_PRIVATE_HOSTS = env.list("CALDAV_ALLOWED_PRIVATE_HOSTS", default=[])
CALDAV_CA_FILE = env.str("CALDAV_CA_FILE", default="")
SYNC_INTERVAL_SECONDS = env.int("SYNC_INTERVAL_SECONDS", default=60)
SYNC_FULL_LISTING_SECONDS = env.int("SYNC_FULL_LISTING_SECONDS", default=86_400)
SYNC_LEASE_SECONDS = env.int("SYNC_LEASE_SECONDS", default=120)
HOLD_SECONDS = env.int("HOLD_SECONDS", default=300)
RATE_LIMITS = rate_limits.read_rate_limits(env.str("RATE_LIMITS", default=""))
FRESHNESS_SECONDS = env.int("FRESHNESS_SECONDS", default=120)
FRESHNESS_BUDGET_SECONDS = env.float("FRESHNESS_BUDGET_SECONDS", default=2)
PROVIDER_DEADLINE_SECONDS = env.int("PROVIDER_DEADLINE_SECONDS", default=30)
# caldav's own debugging aid writes passwords to /tmp
os.environ.pop("PYTHON_CALDAV_COMMDUMP", None)

# ── logs ─────────────────────────────────────────────────────────────────────────────────────────────────────────
LOGGING = logs.logging_settings(level=env.str("LOG_LEVEL", default="INFO"))
logs.configure_structlog()
