"""Contents of log lines, and redaction."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog
from django.test import Client

from therapybridge.core import logging as core_logging
from therapybridge.core.logging import REDACTED, current_request_id, logging_config, redact_text

UUID_TEXT = "0190b3f2-7c1e-7abc-8def-0123456789ab"


@contextmanager
def logging_to_memory(settings, *, json_lines: bool) -> Iterator[io.StringIO]:
    written = io.StringIO()
    config = logging_config(json_lines=json_lines)
    config["handlers"]["stdout"]["stream"] = written
    logging.config.dictConfig(config)
    yield written
    logging.config.dictConfig(settings.LOGGING)


@pytest.fixture
def lines(settings):
    """The JSON lines written so far."""
    with logging_to_memory(settings, json_lines=True) as written:
        yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_is_json_with_its_level_time_and_logger(lines):
    structlog.get_logger("clinic.test").info("stage_done", stage="transcribe", ms=12.5)
    [line] = lines()
    assert (line["event"], line["stage"], line["ms"]) == ("stage_done", "transcribe", 12.5)
    assert (line["level"], line["logger"]) == ("info", "clinic.test")
    assert line["timestamp"].endswith("Z")


def test_standard_loggers_pass_the_same_filter(lines):
    logging.getLogger("somewhere").warning("mail to %s failed", "ann@example.org")
    [line] = lines()
    assert line["event"] == "mail to [email] failed"


@pytest.mark.parametrize("name", ["body", "text", "transcript", "token", "password", "query", "Authorization", "error"])
def test_private_names_are_blanked(lines, name):
    structlog.get_logger().info("x", **{name: "sleeps badly"})
    assert lines()[0][name] == REDACTED


def test_private_names_are_blanked_inside_structures(lines):
    structlog.get_logger().info("x", extra={"note": "sleeps badly", "parts": [{"text": "cries"}, "ann@example.org"]})
    assert lines()[0]["extra"] == {"note": REDACTED, "parts": [{"text": REDACTED}, "[email]"]}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("GET /patients?q=Ann+Example HTTP/1.1", f"GET /patients?{REDACTED} HTTP/1.1"),
        ("from ann.example@clinic.example.org", "from [email]"),
        ("Authorization: Bearer abc.def", f"Authorization: Bearer {REDACTED}"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", REDACTED),
        ("/reset/c4n7xy-0123456789abcdef0123456789abcdef", f"/reset/{REDACTED}"),
        (f"/sessions/{UUID_TEXT}/notes", f"/sessions/{UUID_TEXT}/notes"),
        ("Really? Yes = no", "Really? Yes = no"),
        ("a_rather_long_name_of_a_function_in_python", "a_rather_long_name_of_a_function_in_python"),
    ],
)
def test_addresses_queries_and_credentials_are_taken_out(text, kept):
    assert redact_text(text) == kept


def raise_with_data() -> None:
    try:
        {}["Ann Example"]
    except KeyError as cause:
        raise ValueError("row of Ann Example\nfailing row contains (Ann)") from cause


def test_a_traceback_has_places_and_classes_and_no_message(lines):
    try:
        raise_with_data()
    except ValueError:
        structlog.get_logger().exception("stage_failed")
        logging.getLogger("somewhere").exception("stage failed")
    written = lines()
    assert len(written) == 2
    for line in written:
        assert "raise_with_data" in line["traceback"]
        assert line["traceback"].index("KeyError") < line["traceback"].index("ValueError")
        assert "Ann" not in json.dumps(line)


def test_a_traceback_keeps_what_the_machine_said(lines):
    error = OSError(28, "No space left on device")
    structlog.get_logger().error("store_failed", exc_info=error, cause=error)
    [line] = lines()
    assert "No space left on device" in line["traceback"]
    assert line["cause"] == "OSError"


@pytest.mark.django_db
def test_a_request_is_logged_once_with_its_id_and_without_its_query(lines, settings):
    settings.ROOT_URLCONF = "therapybridge.tests.core_urls"
    response = Client().get("/hello?name=Ann", headers={"x-request-id": "request-0123456789-0123456789-0123456789"})
    [line] = lines()
    assert (line["event"], line["method"], line["path"], line["status"]) == ("request", "GET", "/hello", 200)
    assert line["request_id"] == response["X-Request-ID"] == "request-0123456789-0123456789-0123456789"
    assert "Ann" not in json.dumps(line)


@pytest.mark.django_db
def test_a_line_carries_nothing_of_the_request_before(lines, settings):
    settings.ROOT_URLCONF = "therapybridge.tests.core_urls"
    structlog.contextvars.bind_contextvars(patient="of an earlier request in this thread")
    Client().get("/hello")
    assert "patient" not in lines()[0]


@pytest.mark.django_db
def test_a_defect_is_logged_with_its_traceback_and_request_id(lines, settings):
    settings.ROOT_URLCONF = "therapybridge.tests.core_urls"
    response = Client(raise_request_exception=False).get("/fail/defect")
    defect, request = lines()
    assert "RuntimeError" in defect["traceback"]
    assert defect["request_id"] == request["request_id"] == response["X-Request-ID"]
    assert "sleeps badly" not in json.dumps(defect)


@pytest.mark.django_db
def test_health_probes_are_not_logged(lines, settings):
    settings.ROOT_URLCONF = "therapybridge.tests.core_urls"
    Client().get("/live")
    assert lines() == []


def test_lines_for_people_pass_the_same_filter(settings):
    with logging_to_memory(settings, json_lines=False) as written:
        structlog.get_logger().info("mail_sent", to="ann@example.org")
    assert "mail_sent" in written.getvalue()
    assert "ann@" not in written.getvalue()


def test_the_request_id_is_empty_outside_of_a_request():
    structlog.contextvars.clear_contextvars()
    assert current_request_id() == ""


def test_a_task_carries_the_request_id():
    from celery import Celery
    from django_structlog.celery.receivers import CeleryReceiver

    app = Celery("probe", broker="memory://", set_as_current=False)
    core_logging.setup_celery_logging(app)
    assert any(step.__name__ == "DjangoStructLogInitStep" for step in app.steps["worker"])
    headers: dict = {}
    with structlog.contextvars.bound_contextvars(request_id="request-1"):
        CeleryReceiver().receiver_before_task_publish(headers=headers, body={}, properties={})
    assert headers["__django_structlog__"]["request_id"] == "request-1"


def test_the_watch_over_the_suite_hears_lines_that_a_quiet_installation_does_not_show(leak_watch):
    structlog.get_logger("clinic.test").info("ask Canary")
    assert len(leak_watch.found) == 1
    leak_watch.found.clear()


STEERING = ["\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "\r", "\nforged line", "\u202e", "\x7f"]


def miss(name: str) -> None:
    raise OSError(f"no such file: {name}")


@pytest.mark.parametrize("steering", STEERING)
@pytest.mark.parametrize("json_lines", [True, False])
def test_nothing_that_people_sent_steers_a_terminal(settings, steering, json_lines):
    with logging_to_memory(settings, json_lines=json_lines) as written:
        structlog.get_logger().info("seen", path=f"/a{steering}b", request_id=f"x{steering}", more=[f"c{steering}"])
        logging.getLogger("somewhere").warning("about %s", steering)
        try:
            miss(steering)
        except OSError:
            logging.getLogger("somewhere").exception("failed")
    shown = written.getvalue()
    assert "seen" in shown
    assert not any(char in shown for char in steering if not char.isprintable() and char != "\n")
    assert not any(line.startswith("forged line") for line in shown.splitlines())
