"""Structured logging, with the request id on every line and without patient data.

Settings import this module, so it must not use settings at import time.
"""

import logging.config
import re
import sys
import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import Any

import orjson
import structlog
from celery import Celery, signals
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import OperationalError
from structlog.types import EventDict, Processor, WrappedLogger

from therapybridge.core import idle

REDACTED = "[redacted]"
# Values logged under these names may contain personal text or secrets.
PRIVATE_NAMES = frozenset(
    {"args", "authorization", "body", "content", "cookie", "cookies", "data", "error", "form", "headers", "kwargs"}
    | {"note", "password", "params", "payload", "post", "query", "query_string", "reason", "request", "result"}
    | {"response", "secret", "text", "token", "transcript"}
)
# Our own values of fixed form, which are long enough to look like tokens.
PLAIN_NAMES = frozenset({"request_id", "parent_task_id", "child_task_id", "task_id", "timestamp", "level", "logger"})
EMAIL = re.compile(r"[^\s@<>'\"(),;:]+@[^\s@<>'\"(),;:]+\.[^\s@<>'\"(),;:]+")
QUERY_STRING = re.compile(r"(?<=[\w/])\?[^\s'\"]+=[^\s'\"]*")
BEARER = re.compile(r"\b(Bearer|Basic|Token)\s+\S+", re.IGNORECASE)
# What steers a terminal or begins a line (C0, DEL, C1), or turns the direction of writing; a traceback keeps its lines.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
TOKEN = re.compile(rf"(?<![\w-])(?!{UUID}(?![\w-]))(?=[\w-]*\d)[\w-]{{32,}}")
JWT = re.compile(r"\beyJ[\w-]+(?:\.[\w-]*){1,4}")
# Messages of these exceptions are about the machine; those of all others may quote rows or input.
PLAIN_EXCEPTIONS = (OSError, ImportError, ImproperlyConfigured, OperationalError)


def redact_text(text: str) -> str:
    """Redact addresses, query strings and anything that looks like a credential."""
    text = QUERY_STRING.sub(f"?{REDACTED}", text)
    text = EMAIL.sub("[email]", text)
    text = BEARER.sub(rf"\1 {REDACTED}", text)
    return TOKEN.sub(REDACTED, JWT.sub(REDACTED, text))


def printable(text: str) -> str:
    """The text with its control characters spelled out, so that it cannot steer the terminal that shows it."""
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def redact_value(name: str, value: Any) -> Any:
    """A loggable form of one value: private names are redacted, exceptions reduced to their class."""
    if name.lower() in PRIVATE_NAMES:
        return REDACTED
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, Mapping):
        return {str(key): redact_value(str(key), item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [redact_value("", item) for item in value]
    if value is None or isinstance(value, (bool, int, float)) or name in PLAIN_NAMES:
        return printable(value) if isinstance(value, str) else value
    return printable(redact_text(str(value)))


def redact(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Processor: the PHI filter, which runs last before rendering."""
    return {name: _redact(name, value) for name, value in event.items()}


def _redact(name: str, value: Any) -> Any:
    if name != "traceback":
        return redact_value(name, value)
    return "\n".join(redact_value(name, line) for line in str(value).split("\n"))


def describe_exception(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Processor: describe an exception by class and traceback, without the message, which may quote a row."""
    info = event.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else sys.exc_info()[1] if info is True else info and info[1]
    if error:
        event["traceback"] = "\n".join(_chain(error))
    return event


def _chain(error: BaseException) -> list[str]:
    lines: list[str] = []
    link: BaseException | None = error
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        lines = [*_frames(link.__traceback__), _headline(link), *lines]
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return lines


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def _headline(error: BaseException) -> str:
    message = str(error).partition("\n")[0] if isinstance(error, PLAIN_EXCEPTIONS) else ""
    return f"{type(error).__qualname__}: {message}" if message else type(error).__qualname__


def _dump(event: EventDict, **options: Any) -> str:
    return orjson.dumps(event, default=str).decode()


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _configure_structlog() -> None:
    """Hand events to the standard library, which formats them as it does those of other packages."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _formatter(json_lines: bool) -> dict[str, Any]:
    renderer: Processor
    renderer = structlog.processors.JSONRenderer(_dump) if json_lines else structlog.dev.ConsoleRenderer(colors=False)
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _shared(),
        "processors": [remove_meta, describe_exception, redact, renderer],
    }


def logging_config(*, json_lines: bool, level: str = "INFO") -> dict[str, Any]:
    """The value of settings.LOGGING: JSON lines or readable lines; both pass the same filter."""
    _configure_structlog()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"events": _formatter(json_lines)},
        "filters": {"news": {"()": "therapybridge.core.idle.NewsOnly"}},
        "handlers": {
            "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "events"},
            "nothing": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # Expected errors appear in the middleware's request line; only defects need a traceback.
            "django.request": {"level": "ERROR"},
            # The development server's request lines; our middleware logs its own.
            "django.server": {"handlers": ["nothing"], "propagate": False},
            # Of tasks that were sent and received, the line of their end tells.
            **{name: {"level": quieter(level)} for name in ("celery.beat", "celery.worker.strategy")},
            idle.RECEIVERS: {"filters": ["news"]},
            # Celery logs the text of a task's exception; task_failed says the same without it.
            "celery.app.trace": {"level": "CRITICAL"},
        },
    }


def quieter(level: str) -> str:
    """The level of loggers whose INFO is as much as other's DEBUG."""
    return "WARNING" if level == "INFO" else level


def current_request_id() -> str:
    """The id of the current request, or of the request that enqueued the current task; empty outside of both."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def setup_celery_logging(app: Celery) -> None:
    """Make workers log like the web process, with the request id that came with each task."""
    from django_structlog.celery.steps import DjangoStructLogInitStep

    idle.watch_tasks()
    app.steps["worker"].add(DjangoStructLogInitStep)
    signals.setup_logging.connect(_configure_worker_logging, weak=False, dispatch_uid="therapybridge.core.logging")


def _configure_worker_logging(**kwargs: Any) -> None:
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
