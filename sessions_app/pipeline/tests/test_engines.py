from pathlib import Path

import pytest

from sessions_app.pipeline.engines import registry
from sessions_app.pipeline.engines.base import (
    ConfigurationError,
    EngineError,
    EngineSettings,
    NeedsSmaller,
    Permanent,
    Transient,
)
from sessions_app.pipeline.quality import is_low
from sessions_app.pipeline.types import Piece


@pytest.fixture
def unset(settings):
    for name in (
        "TRANSCRIBE_BASE_URL",
        "TRANSCRIBE_API_KEY",
        "LLM_BASE_URL",
        "LLM_API_KEY",
        "WHISPER_MODEL_DIR",
        "MOONSHINE_MODEL_DIR",
    ):
        setattr(settings, name, "")
    return settings


def test_nothing_configured_means_the_small_model_of_this_machine(unset):
    engine = registry.transcriber()
    assert (engine.name, engine.quality) == ("moonshine", "small_model")


def test_nothing_configured_means_the_keyword_extractor(unset):
    assert registry.extractor().name == "builtin"


def test_a_model_folder_is_used_before_the_shipped_model(unset):
    unset.WHISPER_MODEL_DIR = "/models/small"
    engine = registry.transcriber()
    assert (engine.name, engine.model) == ("whisper", "small")


@pytest.mark.parametrize("name", ["TRANSCRIBE_BASE_URL", "TRANSCRIBE_API_KEY"])
def test_a_configured_api_comes_first_for_audio(unset, name):
    unset.WHISPER_MODEL_DIR = "/models/small"
    setattr(unset, name, "http://127.0.0.1:9/v1")
    unset.TRANSCRIBE_MODEL = "gpt-transcribe"
    unset.TRANSCRIBE_PARALLEL = 6
    engine = registry.transcriber()
    assert (engine.name, engine.model, engine.parallel) == ("openai", "gpt-transcribe", 6)


@pytest.mark.parametrize("name", ["LLM_BASE_URL", "LLM_API_KEY"])
def test_a_configured_api_comes_first_for_notes(unset, name):
    setattr(unset, name, "http://127.0.0.1:9/v1")
    unset.LLM_MODEL = "stub-llm"
    engine = registry.extractor()
    assert (engine.name, engine.model) == ("openai", "stub-llm")


def test_one_job_may_use_the_api_and_the_other_not(unset):
    unset.LLM_API_KEY = "key"
    assert (registry.transcriber().name, registry.extractor().name) == ("moonshine", "openai")


def test_settings_do_not_show_their_keys():
    chosen = EngineSettings(transcribe_api_key="sk-secret-1", llm_api_key="sk-secret-2")
    assert "sk-secret" not in repr(chosen)


@pytest.mark.parametrize(
    ("kind", "code", "retriable"),
    [
        (Transient, "upstream_error", True),
        (ConfigurationError, "engine_config", False),
        (Permanent, "rejected", False),
        (NeedsSmaller, "needs_smaller", False),
    ],
)
def test_an_error_has_a_code_and_a_sentence(kind, code, retriable):
    error = kind()
    assert isinstance(error, EngineError)
    assert (error.code, error.retriable, error.retry_after) == (code, retriable, None)
    assert error.detail.endswith(".")
    assert str(error) == error.detail


def test_a_missing_model_folder_is_a_matter_for_the_administrator(tmp_path):
    engine = registry.transcriber(EngineSettings(whisper_model_dir=tmp_path / "nowhere"))
    with pytest.raises(ConfigurationError, match="folder of the speech model is missing"):
        engine.transcribe(Piece(0, 0.0, 1.0, tmp_path / "piece.flac"))


def test_a_missing_speech_package_is_a_matter_for_the_administrator(tmp_path: Path, monkeypatch):
    (tmp_path / "model.bin").write_bytes(b"weights")
    monkeypatch.setitem(__import__("sys").modules, "faster_whisper", None)
    engine = registry.transcriber(EngineSettings(whisper_model_dir=tmp_path))
    with pytest.raises(ConfigurationError, match="not installed"):
        engine.transcribe(Piece(0, 0.0, 1.0, tmp_path / "piece.flac"))


@pytest.mark.parametrize(("size", "quality"), [(1_000, "small_model"), (400_000_000, "standard")])
def test_what_to_expect_of_a_model_follows_from_its_size(tmp_path, size, quality):
    with (tmp_path / "model.bin").open("wb") as weights:
        weights.truncate(size)
    assert registry.transcriber(EngineSettings(whisper_model_dir=tmp_path)).quality == quality
    assert is_low(quality) == (quality == "small_model")
