"""The program that draws stays for the next document, and whatever ends it or a document is told without quoting."""

import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from exports.builders import build, limits, pdf, pdf_program
from exports.builders.limits import TooMuchToDraw, limited
from exports.builders.pdf_program import PROGRAM, DrawingFailed, Keeper, Program
from exports.builders.tests.programs import BEFORE_LOCKED, alter_program, ends, told_and_endless
from exports.tests.records import empty_record

SHORT = b"<html lang=en><body><p>Here"
READ = "        html = peer.read()\n"  # in the process of a document


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    kept = Keeper()
    yield kept
    kept.end()


@pytest.fixture
def altered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Draw with the program after some of its text was replaced."""

    return partial(alter_program, tmp_path, monkeypatch)


def words_of(drawn: bytes) -> str:
    return PdfReader(BytesIO(drawn)).pages[0].extract_text()


def test_one_program_draws_one_document_after_the_other(keeper):
    first = keeper.draw(SHORT)
    program = keeper.program
    second = keeper.draw(SHORT.replace(b"Here", b"There"))
    assert (words_of(first.pdf), words_of(second.pdf)) == ("Here", "There")
    assert keeper.program is program
    assert second.seconds > 0
    assert second.kilobytes > 0


def test_it_is_given_no_settings_and_no_keys(keeper, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a secret")
    keeper.draw(SHORT)
    given = Path(f"/proc/{keeper.program.process.pid}/environ").read_text()
    assert "PATH=" in given
    assert "SECRET_KEY" not in given


def test_a_program_that_was_killed_is_started_again(keeper):
    keeper.draw(SHORT)
    os.kill(keeper.program.process.pid, signal.SIGKILL)
    assert words_of(keeper.draw(SHORT).pdf) == "Here"


def test_it_ends_when_nobody_asks_for_a_while_and_is_started_again(keeper, altered):
    altered("IDLE_SECONDS = 60", "IDLE_SECONDS = 0.1")
    keeper.draw(SHORT)
    assert keeper.program.process.wait(60) == 0
    assert words_of(keeper.draw(SHORT).pdf) == "Here"


def test_it_ends_with_the_process_that_started_it(keeper):
    keeper.draw(SHORT)
    keeper.program.socket.close()
    assert keeper.program.process.wait(60) == 0


def test_a_process_that_is_forked_from_ours_does_not_use_our_program(keeper):
    keeper.draw(SHORT)
    forked = os.fork()
    if forked == 0:
        is_ready = keeper.program.is_ready
        keeper.end()
        os._exit(is_ready)
    assert os.waitpid(forked, 0)[1] == 0
    assert keeper.program.is_ready


def test_what_is_said_of_an_interrupted_document_is_not_taken_for_the_next_one(keeper):
    keeper.draw(SHORT)
    with pytest.raises(TypeError):
        keeper.draw(SHORT.decode())  # after it was asked for, and before it was told
    assert words_of(keeper.draw(SHORT).pdf) == "Here"


def test_a_document_that_nobody_waits_for_is_drawn_no_further(altered):
    altered(READ, f"{READ}        peer.write(b'begun')\n        while True: pass\n")
    program = Program()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        socket.send_fds(program.socket, [b"1"], [theirs.fileno()])
        ours.shutdown(socket.SHUT_WR)
        assert ours.recv(5) == b"begun"
    program.socket.close()
    assert program.process.wait(60) == 0  # it waits for what it forked


class NotWanted(Exception):
    """As a job that was cancelled raises it."""


def test_a_document_that_is_not_wanted_any_more_ends_with_its_program(keeper, altered, tmp_path):
    begun, drawing = tmp_path / "begun", []
    altered(BEFORE_LOCKED, told_and_endless(begun))

    def cancelled():
        if begun.exists() and begun.read_text():
            drawing.append(os.pidfd_open(int(begun.read_text())))
            raise NotWanted

    with limited(cancelled), pytest.raises(NotWanted):
        keeper.draw(SHORT * 100_000)  # more than can be sent before it reads
    [process] = drawing
    assert ends(process), "it draws on"
    os.close(process)
    assert keeper.program is None


def test_a_program_that_is_still_starting_is_ended_too(keeper, altered):
    altered("    draw(FIRST)\n", "    while True: pass\n")
    asked = []

    def cancelled():
        asked.append(keeper.program)
        if len(asked) == 3:  # it was sent, and is waited for
            raise NotWanted

    with limited(cancelled), pytest.raises(NotWanted):
        keeper.draw(SHORT)
    assert asked[-1].process.returncode == -signal.SIGKILL


def test_a_process_that_crashes_leaves_no_memory_on_the_disk():
    limit = f"import runpy; runpy.run_path({str(PROGRAM)!r})['limit']()"
    told = f"{limit}; import resource; print(resource.getrlimit(resource.RLIMIT_CORE))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, preexec_fn=dump_all)
    assert done.stdout == "(0, 0)\n"


def dump_all() -> None:
    """Crash as where dumps are wanted."""
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def test_a_program_that_does_not_start_is_a_typed_failure_that_quotes_nothing(tmp_path, monkeypatch):
    broken = tmp_path / "broken.py"
    broken.write_text("raise ValueError('Ada Lindqvist')")
    monkeypatch.setattr(pdf_program, "PROGRAM", broken)
    monkeypatch.setattr(pdf, "KEEPER", Keeper())
    file = BytesIO()
    with pytest.raises(DrawingFailed) as failure:
        build("pdf", empty_record(), file)
    assert failure.value.detail == "The program that draws documents ended with 1."
    assert file.getvalue() == b""


def test_a_document_that_cannot_be_drawn_fails_with_the_type_of_the_error_alone(keeper, altered):
    altered(READ, f"{READ}        raise ValueError('Ada Lindqvist')\n")
    with pytest.raises(DrawingFailed) as failure:
        keeper.draw(SHORT)
    assert failure.value.detail == "The document could not be drawn (ValueError)."


def test_a_process_that_ends_before_it_has_read_is_a_typed_failure_too(keeper, altered):
    altered(BEFORE_LOCKED, "    os._exit(3)\n    #")
    with pytest.raises(DrawingFailed) as failure:
        keeper.draw(SHORT * 100_000)
    assert failure.value.detail == "The document could not be drawn (3)."


@pytest.mark.parametrize(
    ("instead", "seconds"),
    [
        ("import time; time.sleep(60)", 1),
        ("import signal; signal.raise_signal(signal.SIGXCPU)", 60),
        ("raise MemoryError", 60),
        ("os.abort()", 60),
    ],
    ids=["by the clock", "by its own limit", "without memory", "in a library without memory"],
)
def test_a_document_that_takes_too_much_is_given_up(keeper, altered, monkeypatch, instead, seconds):
    altered(READ, f"{READ}        {instead}\n")
    monkeypatch.setattr(limits, "MAX_SECONDS", seconds)
    with limited(), pytest.raises(TooMuchToDraw):
        keeper.draw(SHORT)


def test_a_program_that_hangs_is_given_up(keeper, altered, tmp_path, monkeypatch):
    hang = f"    import time; time.sleep(30 * os.path.exists({str(tmp_path / 'hang')!r}))\n"
    altered("    os.close(connection)\n", f"    os.close(connection)\n{hang}")
    monkeypatch.setattr(limits, "MAX_SECONDS", 1)
    keeper.draw(SHORT)
    (tmp_path / "hang").touch()
    with limited(), pytest.raises(TooMuchToDraw):
        keeper.draw(SHORT)
