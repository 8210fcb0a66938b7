"""The page of the language model: with a test that went well, and with one that did not."""

import pytest

from e2e.browser import Watch
from e2e.steps import ADMIN
from e2e.visits import Visit, every_look, looks, pay
from sessions_app.pipeline.engines.trial import PROBLEMS
from therapybridge.tests.deployment import SERVED, free_port, until

FOUND = """
from django.core.cache import cache
from django.utils import timezone
from sessions_app.processing.services.trial import KEY
cache.set(KEY, {{"at": timezone.now().isoformat(), "model": "{model}", "steps": {steps}}})
"""
MODEL = "mistral-small3.2:24b-instruct-2506-q4_K_M"
LENGTH = "36,000 characters are too long for the server. Sessions are drafted in smaller parts."


def step(name, passed, told, seconds):
    return {"name": name, "passed": passed, "told": told, "seconds": seconds}


OUTCOMES = {
    "good": [
        step("Connection", True, f"The server answers and has {MODEL}.", 0.2),
        step("Draft", True, "11 of 12 statements are supported by the lines they cite, 1 are to check.", 41.7),
        step(
            "Length", True, "36,000 characters, about an hour of conversation, are read at once (9,114 tokens).", 96.0
        ),
    ],
    "mixed": [
        step("Connection", True, f"The server answers and has {MODEL}.", 0.2),
        step("Draft", False, PROBLEMS["bad_reply"], 61.4),
        step("Length", False, LENGTH, 3.0),
    ],
    "unreachable": [step("Connection", False, PROBLEMS["connection"], 5.0)],
}


@pytest.fixture(scope="module")
def with_model(site):
    """The address of a web server on the same data that has a model."""
    port = free_port()
    command = ["gunicorn", "--no-control-socket", "therapybridge.wsgi", "--bind", f"127.0.0.1:{port}", *SERVED]
    site.start("web-with-model", command, LLM_BASE_URL="http://127.0.0.1:11434/v1", LLM_MODEL=MODEL, LLM_API_KEY="none")
    until(lambda: site._accepts(port), 60, "the web server with a model answers")
    yield f"http://127.0.0.1:{port}"
    site.kill("web-with-model")


@pytest.fixture(scope="module")
def outcomes(site, with_model):
    """Puts a result on the page, once for all looks."""
    shown = []

    def put(outcome):
        if shown[-1:] != [outcome]:
            site.manage("shell", "-v0", "-c", FOUND.format(model=MODEL, steps=OUTCOMES[outcome]))
            shown.append(outcome)

    return put


@pytest.fixture
def watch(open_context, cookies_of, with_model, visit, look):
    context = open_context(storage_state=cookies_of(visit.who), **looks(look))
    return Watch(context.new_page(), with_model)


@every_look([Visit(f"engine-{outcome}", ADMIN, "{base}/engine") for outcome in OUTCOMES])
def test_every_result_of_a_test_is_accessible_and_quiet(visit, look, watch, outcomes):
    outcomes(visit.name.removeprefix("engine-"))
    pay(visit, look, watch, {"base": watch.base})
    assert watch.page.get_by_role("heading", name=MODEL, exact=True).is_visible()
