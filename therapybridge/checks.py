"""System checks with stable ids, which keep a misconfigured production from starting.

They run with every management command that checks; web, workers and timer call `refuse_to_start`. What an address may
be for, and what it may not, is in addresses.py; values that cannot be read are refused before (tb.E025, values.py).
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host
from django.utils.http import is_same_domain
from django_ratelimit.core import rate_re

from therapybridge import addresses
from therapybridge.core import crypto

ENVIRONMENTS = ("development", "test", "production")
SIGN_UP_MODES = ("open", "invite", "closed")
MIN_SECRET_LENGTH = 32
MIN_SECRET_VARIETY = 10
UNDELIVERED = tuple(f".{kind}.EmailBackend" for kind in ("console", "console_mail", "dummy", "filebased", "locmem"))
# What the engines of such a folder cannot do without: one file of each pattern.
MODEL_FILES = {
    "WHISPER_MODEL_DIR": ("model.bin", "config.json", "tokenizer.json"),
    "MOONSHINE_MODEL_DIR": ("*.ort", "tokenizer.bin"),
}
MOONSHINE_KINDS = ("tiny", "base", "tiny-streaming", "base-streaming", "small-streaming", "medium-streaming")
Problems = Iterator[tuple[str, str]]
Rule = Callable[[], Problems]


@checks.register(checks.Tags.security)
def check_settings(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Report errors of any environment and, in production, settings that would expose or lose data."""
    rules = [*EVERYWHERE, *(PRODUCTION if settings.ENVIRONMENT == "production" else ())]
    return [_message(number, sentence) for rule in rules for number, sentence in rule()]


def _message(number: str, sentence: str) -> checks.CheckMessage:
    kind = checks.Warning if number.startswith("W") else checks.Error
    return kind(sentence, id=f"tb.{number}")


def refuse_to_start() -> None:
    """End the process with every problem, a line each; for processes that run no management command.

    SystemExit, and no error: Celery only logs errors of what runs at its start, and goes on.
    """
    if found := [problem for problem in check_settings(None) if problem.is_serious()]:
        raise SystemExit("\n".join(f"{problem.id}: {problem.msg}" for problem in found))


def _environment() -> Problems:
    if settings.ENVIRONMENT not in ENVIRONMENTS:
        yield "E014", f"ENVIRONMENT is {settings.ENVIRONMENT!r}, use one of {', '.join(ENVIRONMENTS)}."


def _key_ring() -> Problems:
    try:
        crypto.parse_keys(settings.FIELD_ENCRYPTION_KEYS)
        if settings.BLIND_INDEX_KEY:
            crypto.decode_key(settings.BLIND_INDEX_KEY, "BLIND_INDEX_KEY")
    except ImproperlyConfigured as error:
        yield "E004", str(error)


def _limits() -> Problems:
    for name, rate in settings.LIMITS.items():
        if not rate_re.fullmatch(rate):
            yield "E011", f"The limit {name} is {rate!r}; it needs the form 10/m."


def _storage_scheme() -> Problems:
    if not settings.STORAGE_URL.startswith("file:///"):
        yield "E016", "STORAGE_URL must have the form file:///folder: recordings are kept in a folder."


def _model_folders() -> Problems:
    for name, patterns in MODEL_FILES.items():
        folder = Path(getattr(settings, name))
        if not getattr(settings, name):
            continue
        if not folder.is_dir():
            yield "E021", f"{name} is {str(folder)!r}, which is not a folder: no recording could be transcribed."
        elif missing := [pattern for pattern in patterns if not any(folder.glob(pattern))]:
            yield "E021", f"{name} is {str(folder)!r}, which lacks {', '.join(missing)}: it is no model of this kind."
    folder = Path(settings.MOONSHINE_MODEL_DIR)
    if folder.is_dir() and folder.name and folder.name.rpartition("-")[0] not in MOONSHINE_KINDS:
        yield "E021", f"MOONSHINE_MODEL_DIR must be named after kind and language, like base-en, not {folder.name!r}."


def _servers() -> Problems:
    for name, url in addresses.named_servers().items():
        if not addresses.is_web_address(url):
            yield (
                "E029",
                f"{name} must be the http or https address of a server, such as https://speech.example.org/v1.",
            )


def _other_sites() -> Problems:
    if any("*" in origin for origin in settings.CORS_ALLOWED_ORIGINS) or getattr(
        settings, "CORS_ALLOW_ALL_ORIGINS", False
    ):
        yield (
            "E022",
            "CORS_ALLOWED_ORIGINS must name each site: any site could use the API from its visitors' browsers.",
        )


def _other_sites_over_https() -> Problems:
    if any(urlsplit(origin).scheme != "https" for origin in settings.CORS_ALLOWED_ORIGINS):
        yield (
            "E023",
            "CORS_ALLOWED_ORIGINS must be https: whoever changes a page on its way could read records with it.",
        )


def _secret_key() -> Problems:
    key = settings.SECRET_KEY
    if len(key) < MIN_SECRET_LENGTH or len(set(key)) < MIN_SECRET_VARIETY or key.startswith("django-insecure"):
        yield "E001", f"SECRET_KEY is unset, a default or too simple: use {MIN_SECRET_LENGTH} random characters."


def _sign_up() -> Problems:
    if settings.SIGN_UP not in SIGN_UP_MODES:
        yield "E024", f"SIGN_UP is {settings.SIGN_UP!r}, use one of {', '.join(SIGN_UP_MODES)}."


def _index_key() -> Problems:
    if len(settings.FIELD_ENCRYPTION_KEYS) > 1 and not settings.BLIND_INDEX_KEY:
        yield "E020", "With several FIELD_ENCRYPTION_KEYS, BLIND_INDEX_KEY must be the base64 part of the oldest key."


def _debug() -> Problems:
    if settings.DEBUG:
        yield "E002", "DEBUG is on: error pages would show data."


def _hosts() -> Problems:
    if not settings.ALLOWED_HOSTS or any(
        not host.strip(".") or host.startswith("*") for host in settings.ALLOWED_HOSTS
    ):
        yield "E003", "ALLOWED_HOSTS must name the hosts of this installation, without a wildcard."


def _https() -> Problems:
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        yield "E005", "Session and CSRF cookies must be Secure."
    if not (settings.SECURE_SSL_REDIRECT and settings.SECURE_HSTS_SECONDS):
        yield "E010", "Plain HTTP must redirect to HTTPS, and HSTS must be on."


def _parts() -> Problems:
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        yield "E006", "DATABASE_URL must name a PostgreSQL server; SQLite is for the embedded installation."
    if urlsplit(settings.CELERY_BROKER_URL).scheme.startswith(("sqla", "memory", "filesystem")):
        yield "E007", "CELERY_BROKER_URL must name a server; the embedded broker is for the embedded installation."
    if settings.CACHES["default"]["BACKEND"].endswith(("LocMemCache", "DummyCache", "FileBasedCache")):
        yield "E015", "The default cache must be shared by all processes, or every limit counts for each of them."


def _storage() -> Problems:
    storage = Path(settings.STORAGE_DIR).resolve()
    public = [Path(folder).resolve() for folder in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS) if folder]
    code = Path(settings.BASE_DIR).resolve()
    if any(storage.is_relative_to(folder) or folder.is_relative_to(storage) for folder in public):
        yield "E008", "STORAGE_URL and the static files share a folder: recordings would be served to everybody."
    elif storage.is_relative_to(code):
        yield "E008", "STORAGE_URL is inside the program's folder: an update could remove recordings."


def _proxies() -> Problems:
    count = settings.NUM_PROXIES
    if not isinstance(count, int) or count < 0:
        yield "E009", "NUM_PROXIES must say how many reverse proxies are in front of the application: 1 for one nginx."
    elif count == 0 and settings.SECURE_SSL_REDIRECT:
        yield "E026", "NUM_PROXIES is 0, but TLS ends at a proxy: every request would be redirected to https for ever."


def _guards() -> Problems:
    if not getattr(settings, "RATELIMIT_ENABLE", True):
        yield "E012", "RATELIMIT_ENABLE is off: passwords could be guessed without a limit."
    if settings.DEMO_PASSWORD:
        yield "E013", "DEMO_PASSWORD is set: demonstration accounts must not coexist with real patients."


def _metrics() -> Problems:
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < MIN_SECRET_LENGTH:
        yield "E032", f"METRICS_TOKEN is too short: use {MIN_SECRET_LENGTH} random characters, or leave it empty."


def _second_factor() -> Problems:
    if not settings.MFA_REQUIRED:
        yield "E017", "MFA_REQUIRED is off: a therapist's password alone would open every record."


def _public_address() -> Problems:
    address = addresses.parsed(settings.PUBLIC_URL)
    if address is None or address.scheme != "https" or not address.hostname:
        yield "E018", "PUBLIC_URL must be the https address of this installation: e-mails link to it."
        return
    if not any(_hosts()) and not validate_host(address.hostname, settings.ALLOWED_HOSTS):
        yield "E027", f"ALLOWED_HOSTS lacks {address.hostname}, the host of PUBLIC_URL: every link would answer 400."
    if not _is_trusted(f"https://{address.netloc}"):
        told = f"CSRF_TRUSTED_ORIGINS lacks https://{address.netloc}, the origin of PUBLIC_URL"
        yield "E028", f"{told}: name it, or leave the setting empty if no other site sends forms."


def _is_trusted(origin: str) -> bool:
    """Whether the origin is among those that are named, if any is."""
    trusted = [one.rstrip("/") for one in settings.CSRF_TRUSTED_ORIGINS]
    wide = [one.replace("*", "", 1).partition("://")[2] for one in trusted if one.startswith("https://*.")]
    return not trusted or origin in trusted or any(is_same_domain(origin.partition("://")[2], one) for one in wide)


def _email() -> Problems:
    if settings.EMAIL_BACKEND.endswith(UNDELIVERED):
        yield "E019", "EMAIL_URL must name a mail server: without one, e-mails and their secret links are only printed."
    elif not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        where = addresses.reach(settings.EMAIL_HOST or "localhost")
        told = f"EMAIL_URL sends e-mails and their secret links to {settings.EMAIL_HOST} in clear"
        if where is addresses.Reach.BEYOND:
            yield "E031", f"{told}: use smtp+tls:// or smtp+ssl://."
        elif where is addresses.Reach.NETWORK:
            yield "W002", f"{told}: right only in a network that nobody else can listen to; else use smtp+tls://."


def _clear_servers() -> Problems:
    for name, url in addresses.named_servers().items():
        address = addresses.parsed(url)
        if address is None or address.scheme != "http" or not address.hostname:
            continue
        where = addresses.reach(address.hostname)
        told = f"{name} sends what patients say to {address.hostname} in clear"
        if where is addresses.Reach.BEYOND:
            yield "E030", f"{told}: use https://."
        elif where is addresses.Reach.NETWORK:
            yield "W001", f"{told}: right only in a network that nobody else can listen to; else use https://."


EVERYWHERE: Sequence[Rule] = (
    _environment,
    _sign_up,
    _key_ring,
    _limits,
    _storage_scheme,
    _model_folders,
    _servers,
    _other_sites,
)
PRODUCTION: Sequence[Rule] = (
    _secret_key,
    _index_key,
    _debug,
    _hosts,
    _https,
    _parts,
    _storage,
    _proxies,
    _guards,
    _metrics,
    _second_factor,
    _public_address,
    _other_sites_over_https,
    _email,
    _clear_servers,
)
