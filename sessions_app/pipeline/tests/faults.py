"""What a provider does wrong when a model of that name is asked, and what its engine has to say then."""

from collections.abc import Callable
from traceback import format_exception

import pytest

from sessions_app.management.ai_stub.server import Stub
from sessions_app.pipeline.engines.base import ConfigurationError, EngineError, Permanent, Transient

KEY = "sk-canary-key"
# Model, type of the error, its code, and after how many seconds to try again.
Fault = tuple[str, type[EngineError], str, float | None]
OF_BOTH: list[Fault] = [
    ("stub-429", Transient, "rate_limited", 1.0),
    ("stub-quota", ConfigurationError, "quota", None),
    ("stub-500", Transient, "upstream_error", None),
    ("stub-409", Transient, "upstream_error", None),
    ("stub-408", Transient, "timeout", None),
    ("stub-timeout", Transient, "timeout", None),
    ("stub-trickle", Transient, "timeout", None),
    ("stub-reset", Transient, "connection", None),
    ("stub-html", Transient, "bad_reply", None),
    ("stub-broken-json", Transient, "bad_reply", None),
    ("stub-empty", Transient, "bad_reply", None),
    ("stub-none", Transient, "bad_reply", None),
    ("stub-huge", Transient, "bad_reply", None),
    ("stub-401", ConfigurationError, "engine_config", None),
    ("stub-403", ConfigurationError, "engine_config", None),
    ("stub-404", ConfigurationError, "engine_config", None),
    ("stub-307", ConfigurationError, "engine_config", None),
    ("stub-refusal", Permanent, "refused", None),
    ("stub-filter", Permanent, "content_filtered", None),
    ("stub-rejected", Permanent, "rejected", None),
]


def each_fault(*own: Fault) -> pytest.MarkDecorator:
    """Those that every engine meets, and its own."""
    faults = [*OF_BOTH, *own]
    return pytest.mark.parametrize("fault", faults, ids=[model for model, *_ in faults])


def check_fault(stub: Stub, fault: Fault, call: Callable[[str], object], *said: str) -> None:
    """`call` with the model's name ends in one typed error after one request, which tells neither key nor address nor
    what was `said`.
    """
    model, *expected = fault
    with pytest.raises(EngineError) as caught:
        call(model)
    error = caught.value
    assert [type(error), error.code, error.retry_after] == expected
    assert error.retriable is isinstance(error, Transient)
    assert len(stub.calls()) == 1
    secrets = (KEY, "127.0.0.1", *said)
    assert not any(secret in f"{error} {error.detail}" for secret in (*secrets, "http", "stub"))
    assert not any(secret in "".join(format_exception(error)) for secret in secrets)
