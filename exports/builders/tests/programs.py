"""The program that draws, altered for a test."""

import select
from pathlib import Path

import pytest

from exports.builders import pdf_program
from exports.builders.pdf_program import PROGRAM

BEFORE_LOCKED = "    limit()\n    #"  # in the process of a document, which may still write to files


def alter_program(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, by: str) -> None:
    """Draw with the program after some of its text was replaced."""
    program = PROGRAM.read_text()
    assert text in program
    (folder / "program.py").write_text(program.replace(text, by))
    monkeypatch.setattr(pdf_program, "PROGRAM", folder / "program.py")


def told_and_endless(path: Path) -> str:
    """Instead of BEFORE_LOCKED: the process writes its id to `path`, and goes on for ever."""
    tell = f"file = open({str(path)!r}, 'w'); file.write(str(os.getpid())); file.close()"
    return f"    {tell}\n    while True: pass\n    #"


def ends(process: int, seconds: int = 60) -> bool:
    """Whether a process ends in time; a descriptor of it, which is too high for select() in a long run."""
    watched = select.poll()
    watched.register(process, select.POLLIN)
    return bool(watched.poll(seconds * 1000))
