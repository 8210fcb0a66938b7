"""All settings. Values come from the environment (or .env); the defaults are for the embedded installation."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ

from therapybridge import stores
from therapybridge.core.logging import logging_config
from therapybridge.embedded import kept_secret
from therapybridge.openapi import SPECTACULAR_SETTINGS  # noqa: F401 (a setting)
from therapybridge.values import Values

# Makes generics such as ModelAdmin[User] work at run time.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = Values()
environ.Env.read_env(BASE_DIR / ".env")
# An empty value counts as unset: .env.example has many of them.
environ.Env.ENVIRON = {name: value for name, value in os.environ.items() if value}

ENVIRONMENT = env.str("ENVIRONMENT", default="development")
IS_PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.switch("DEBUG", False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
# The embedded installation's database and broker are here, readable by nobody else on the machine.
env.own_folder("VAR_DIR", VAR_DIR)


def secret(name: str, file: str) -> str:
    """A secret from the environment; outside production, one kept in the data folder is the fallback."""
    value: str = env.str(name, default="")
    # Django fails on an empty key before our checks can report what else is missing; they reject this one.
    return value or ("unset" if IS_PRODUCTION else kept_secret(VAR_DIR / "secrets" / file))


SECRET_KEY = secret("SECRET_KEY", "secret_key")
FIELD_ENCRYPTION_KEYS = [key for key in env.list("FIELD_ENCRYPTION_KEYS", default=[]) if key]
if not FIELD_ENCRYPTION_KEYS and not IS_PRODUCTION:
    FIELD_ENCRYPTION_KEYS = ["local:" + kept_secret(VAR_DIR / "secrets" / "field_key")]
BLIND_INDEX_KEY = env.str("BLIND_INDEX_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if IS_PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Sites whose scripts may use the API, with tokens alone: cookies are never accepted from another site.
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/v1/"
CORS_ALLOW_HEADERS = (
    *("accept", "authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "range"),
    "x-request-id",
)
CORS_EXPOSE_HEADERS = (
    *("content-disposition", "content-range", "etag", "idempotency-replayed", "location", "ratelimit-limit"),
    *("ratelimit-remaining", "ratelimit-reset", "retry-after", "x-request-id"),
)
NUM_PROXIES = env.count("NUM_PROXIES", None if IS_PRODUCTION else 0, least=0)
# For Prometheus; without a token there is no /metrics. The image knows which revision it is.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
REVISION = env.str("REVISION", default="")
# Workers and the timer touch it as long as they turn.
ALIVE_FILE = env.str("ALIVE_FILE", default="")
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="")
# Who starts a practice: anyone (open), whom the operator invites (invite), or the first people alone (closed).
SIGN_UP = env.str("SIGN_UP", default="closed" if IS_PRODUCTION else "open")

INSTALLED_APPS = [
    "therapybridge",
    "therapybridge.core",
    "audit",
    "accounts",
    "sessions_app",
    "treatment",
    "timeline",
    "exports",
    "therapybridge.core.admin.app.ClinicAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "corsheaders",
    "django_structlog",
    "auditlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "therapybridge.core.middleware.RequestIdMiddleware",
    "therapybridge.core.middleware.SecurityHeadersMiddleware",
    "therapybridge.core.middleware.NoStoreMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "therapybridge.core.middleware.ApiGZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "audit.middleware.HistoryMiddleware",
    "accounts.authentication.middleware.AuthSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.identity.middleware.ReadersDatesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "therapybridge.core.middleware.DomainErrorMiddleware",
]
# Names of patients stand in messages: not in a cookie, which stays in the browser's files.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
APPEND_SLASH = False
ROOT_URLCONF = "therapybridge.urls"
WSGI_APPLICATION = "therapybridge.wsgi.application"
CSRF_FAILURE_VIEW = "therapybridge.core.problems.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.care.context_processors.emergency",
                "therapybridge.core.pages.navigation.navigation",
            ],
            "builtins": ["therapybridge.core.pages.tags"],
        },
    },
]

DATABASES: dict[str, dict[str, Any]] = {"default": stores.database(env, VAR_DIR)}
IS_SQLITE = "sqlite" in DATABASES["default"]["ENGINE"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = env.redis("CACHE_URL")
CACHES = {"default": stores.cache(CACHE_URL)}

# The broker carries only wake-up calls; the job row is the source of truth.
CELERY_BROKER_URL = env.broker("CELERY_BROKER_URL", f"sqla+sqlite:///{VAR_DIR}/broker.sqlite3")
IS_EMBEDDED_BROKER = CELERY_BROKER_URL.startswith("sqla+")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {} if IS_EMBEDDED_BROKER else {"socket_connect_timeout": 0.5, "socket_timeout": 10, "visibility_timeout": 3600}
)
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# In memory: a schedule of intervals needs no file, which a killed process could leave broken.
CELERY_BEAT_SCHEDULER = "therapybridge.core.timer:Timer"

# Jobs, in seconds. A lease is renewed after every third of its length.
JOB_LEASE_SECONDS = env.amount("JOB_LEASE_SECONDS", 60)
JOB_SWEEP_SECONDS = env.amount("JOB_SWEEP_SECONDS", 15)
JOB_BACKOFF_SECONDS = env.amount("JOB_BACKOFF_SECONDS", 15)
JOB_MAX_ATTEMPTS = env.count("JOB_MAX_ATTEMPTS", 5)
RECONCILE_SECONDS = env.amount("RECONCILE_SECONDS", 300)

STORAGE_URL = env.str("STORAGE_URL", default=f"file://{VAR_DIR}/files")
STORAGE_DIR = Path(STORAGE_URL.removeprefix("file://"))
MAX_RECORDING_BYTES = 500 * 1024 * 1024
# How much each clinic may store, unless it has a quota of its own; 0: no limit.
CLINIC_STORAGE_GB = env.int("CLINIC_STORAGE_GB", default=0)
FILE_UPLOAD_HANDLERS = ["therapybridge.core.uploads.CappedUploadHandler"]
FILE_UPLOAD_TEMP_DIR = str(STORAGE_DIR / "incoming")
if STORAGE_URL.startswith("file:///"):  # the checks refuse any other
    env.own_folder("STORAGE_URL", Path(FILE_UPLOAD_TEMP_DIR))
FILE_UPLOAD_PERMISSIONS = 0o600

OPENAI_BASE_URL = env.str("OPENAI_BASE_URL", default="")
OPENAI_API_KEY = env.str("OPENAI_API_KEY", default="")
WHISPER_MODEL_DIR = env.str("WHISPER_MODEL_DIR", default="")
MOONSHINE_MODEL_DIR = env.str("MOONSHINE_MODEL_DIR", default="")
TRANSCRIBE_BASE_URL = env.str("TRANSCRIBE_BASE_URL", default="")
TRANSCRIBE_API_KEY = env.str("TRANSCRIBE_API_KEY", default="")
# With a model folder, recordings leave the machine only if a server is named for them.
if TRANSCRIBE_BASE_URL or TRANSCRIBE_API_KEY or not (WHISPER_MODEL_DIR or MOONSHINE_MODEL_DIR):
    TRANSCRIBE_BASE_URL = TRANSCRIBE_BASE_URL or OPENAI_BASE_URL
    TRANSCRIBE_API_KEY = TRANSCRIBE_API_KEY or OPENAI_API_KEY
TRANSCRIBE_MODEL = env.str("TRANSCRIBE_MODEL", default="") or "gpt-transcribe"
TRANSCRIBE_TIMEOUT = env.amount("TRANSCRIBE_TIMEOUT", 300)
TRANSCRIBE_PARALLEL = env.count("TRANSCRIBE_PARALLEL", 4)
LLM_BASE_URL = env.str("LLM_BASE_URL", default="") or OPENAI_BASE_URL
LLM_API_KEY = env.str("LLM_API_KEY", default="") or OPENAI_API_KEY
LLM_MODEL = env.str("LLM_MODEL", default="") or "gpt-5-mini"
LLM_TIMEOUT = env.amount("LLM_TIMEOUT", 180)

# Without a mail server, e-mails are printed as one line each in the worker's output.
environ.Env.EMAIL_SCHEMES["consolemail"] = "therapybridge.core.console_mail.EmailBackend"
vars().update(env.mail("EMAIL_URL", "consolemail://"))
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="TherapyBridge <no-reply@localhost>")

AUTH_USER_MODEL = "accounts.User"
IDEMPOTENCY_MODEL = "accounts.IdempotencyRecord"
AUTHENTICATION_BACKENDS = ["accounts.authentication.backends.EmailBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")

# Sessions end when unused for this long, and at the latest after this long.
SESSION_IDLE_AFTER = {
    "browser": timedelta(minutes=env.count("BROWSER_IDLE_MINUTES", 60)),
    "device": timedelta(days=7),
}
SESSION_ENDS_AFTER = {"browser": timedelta(hours=12), "device": timedelta(days=90)}
STEP_UP_SECONDS = env.count("STEP_UP_SECONDS", 600)
PASSWORD_RESET_TIMEOUT = 3600
EMAIL_CONFIRMATION_TIMEOUT = 24 * 3600

# Require a second factor for therapists and administrators.
MFA_REQUIRED = env.switch("MFA_REQUIRED", IS_PRODUCTION)
MFA_ADAPTER = "accounts.second_factor.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.second_factor.forms.CodeForm",
    "authenticate_webauthn": "accounts.second_factor.forms.PasskeyForm",
    "reauthenticate": "accounts.second_factor.forms.ConfirmByCodeForm",
    "reauthenticate_webauthn": "accounts.second_factor.forms.ConfirmByPasskeyForm",
    "activate_totp": "accounts.second_factor.forms.SetUpAppForm",
    "add_webauthn": "accounts.second_factor.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.second_factor.forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "TherapyBridge"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = timedelta(days=30)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PRODUCTION
ACCOUNT_ADAPTER = "accounts.second_factor.adapters.SignInAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"reauthenticate": "accounts.second_factor.forms.ConfirmByPasswordForm"}
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = False
PASSWORD_HASHERS = ["accounts.authentication.hashers.Argon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.authentication.validators.LengthValidator"},
    {"NAME": "accounts.authentication.validators.ContextValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# The __Host- prefix needs HTTPS; on plain loopback it would make sign-in impossible.
HTTPS_ONLY = env.switch("HTTPS_ONLY", IS_PRODUCTION)
MFA_TRUST_COOKIE_NAME = "__Host-trusted" if HTTPS_ONLY else "trusted"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS_ONLY else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS_ONLY else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_REDIRECT_EXEMPT = [r"^(live|ready|health|metrics)$"]
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "therapybridge.core.backends.browser_sessions"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if NUM_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# All texts are English; the locale decides the form of dates (see therapybridge/formats).
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("en-us", "English (United States)")]
FORMAT_MODULE_PATH = "therapybridge.formats"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_BACKEND = env.str(
    "STATICFILES_BACKEND", default="django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(STORAGE_DIR)}},
    "staticfiles": {"BACKEND": STATICFILES_BACKEND},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.backends.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["therapybridge.core.api.renderers.OrjsonRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "therapybridge.core.api.negotiation.JsonNegotiation",
    "DEFAULT_PARSER_CLASSES": ["therapybridge.core.api.parsers.OrjsonParser"],
    "DEFAULT_THROTTLE_CLASSES": ["therapybridge.core.limits.ClinicThrottle"],
    "DEFAULT_PAGINATION_CLASS": "therapybridge.core.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "therapybridge.core.api.openapi.ApiSchema",
    "EXCEPTION_HANDLER": "therapybridge.core.problems.drf_exception_handler",
    # Serializers pass datetimes through; the renderer gives them one form.
    "DATETIME_FORMAT": None,
    "NUM_PROXIES": NUM_PROXIES,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
ACCESS_TOKEN_LIFETIME = timedelta(minutes=30)
REFRESH_TOKEN_LIFETIME = SESSION_IDLE_AFTER["device"]
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": ACCESS_TOKEN_LIFETIME,
    "REFRESH_TOKEN_LIFETIME": REFRESH_TOKEN_LIFETIME,
    "UPDATE_LAST_LOGIN": False,
}

# The builder of a note template sends up to 25 values for each of 100 fields; Django's default is 1000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000

# Requests of a person per window, "<number>/<s|m|h>". Reads and writes of a clinic's staff also have a ceiling (see
# core/limits.py), what is urgent has none that others can reach. RATE_LIMITS="upload=100/h,read=5000/m" overrides some.
LIMITS = {
    "sign_in": "5/m",
    "sign_in_failed": "10/h",
    "sign_in_address": "300/m",
    "second_factor": "5/m",
    "second_factor_failed": "20/h",
    "sign_up": "3/h",
    "email": "5/h",
    "invitation": "20/h",
    "signing": "30/m",
    "refresh": "10/m",
    "read": "1000/m",
    "write": "100/m",
    "urgent": "100/m",
    "upload": "60/h",
    "export": "10/h",
    "whole_record": "60/h",
    "emergency": "5/h",
}
LIMITS |= env.pairs("RATE_LIMITS", LIMITS)
# Django's database cache loses counts; ours counts in one statement (see core/backends/cache.py).
# E-mails are unique by a case-insensitive constraint, which the check of USERNAME_FIELD does not recognize.
# HSTS preloading is the domain owner's decision: it affects every other site on the domain.
SILENCED_SYSTEM_CHECKS = ["django_ratelimit.E003", "django_ratelimit.W001", "auth.W004", "security.W021"]

# The field history has the same request id as the log and the audit trail.
AUDITLOG_CID_GETTER = "therapybridge.core.logging.current_request_id"

LOGGING = logging_config(
    json_lines=env.switch("LOG_JSON", IS_PRODUCTION),
    # Outside production, the terminal should still show the address and the demo's logins after an hour.
    level=env.level("LOG_LEVEL", "INFO" if IS_PRODUCTION else "WARNING"),
)
DJANGO_STRUCTLOG_CELERY_ENABLED = True

env.refuse()
