import pytest

from sessions_app.management.ai_stub.server import running_stub
from sessions_app.pipeline.engines.base import ConfigurationError, EngineSettings
from sessions_app.pipeline.engines.openai_client import close_clients
from sessions_app.pipeline.engines.trial import SAID, try_model
from sessions_app.pipeline.tests.faults import KEY


@pytest.fixture(scope="module")
def stub():
    with running_stub() as server:
        yield server
        close_clients()


def tried(stub, model, **options):
    settings = EngineSettings(llm_base_url=stub.base_url, llm_api_key=KEY, llm_model=model, llm_timeout=5.0, **options)
    return {step.name: step for step in try_model(settings)}


def test_a_good_model_passes_each_step(stub):
    steps = tried(stub, "stub-llm")
    assert [name for name, step in steps.items() if step.passed] == ["Connection", "Draft", "Length"]
    assert "has stub-llm" in steps["Connection"].told
    assert "supported by the lines they cite" in steps["Draft"].told
    assert "60,000 characters" in steps["Length"].told


def test_a_server_that_cuts_prompts_is_found_out(stub):
    steps = tried(stub, "stub-context-2000")
    assert not steps["Length"].passed
    assert "cut the beginning off" in steps["Length"].told
    assert "drafted in parts of about 4,000 characters" in steps["Length"].told


def test_a_name_that_the_server_does_not_list_is_told_and_tried_all_the_same(stub):
    steps = tried(stub, "stub-nobody")
    assert [name for name, step in steps.items() if step.passed] == ["Draft", "Length"]
    assert "lists no model of the name stub-nobody" in steps["Connection"].told


def test_a_wrong_key_ends_the_trial(stub):
    steps = tried(stub, "stub-401")
    assert list(steps) == ["Connection", "Draft"]
    assert "look at its address, the key" in steps["Draft"].told


def test_answers_of_another_shape_are_named(stub):
    assert "no JSON in the shape" in tried(stub, "stub-html")["Draft"].told


def test_a_server_that_is_away_is_named_as_such():
    settings = EngineSettings(llm_base_url="http://127.0.0.1:9/v1", llm_model="any", llm_timeout=2.0)
    [step] = try_model(settings)
    assert not step.passed
    assert "could not be reached" in step.told


def test_neither_key_nor_address_is_told(stub):
    told = " ".join(step.told for model in ("stub-llm", "stub-nobody") for step in tried(stub, model).values())
    assert KEY not in told
    assert "127.0.0.1" not in told


def test_only_invented_words_are_sent(stub):
    stub.reset()
    tried(stub, "stub-llm")
    allowed = " ".join(text for _, text in SAID)
    spoken = [line for prompt in stub.prompts() for line in prompt.splitlines() if line.startswith("[")]
    assert spoken
    assert all(line.split(": ", 1)[1] in allowed for line in spoken)


def test_without_a_model_there_is_nothing_to_try():
    with pytest.raises(ConfigurationError):
        try_model(EngineSettings())
