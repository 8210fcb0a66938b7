"""Documents of generated records, each made in a process of its own.

A worker's first document takes longer: it starts the program that draws.
"""

import json
import subprocess
import sys
import time
from io import BytesIO

import pypdf

from bench.figures import Figure, largest_memory, slowness

# What is made, with the most seconds and megabytes that it may take.
DOCUMENTS = {
    "200 events with a chart": (("timeline", "pdf", {"events": 200, "sessions": 0}), 1.5, 300),
    "2,000 events with a chart": (("timeline", "pdf", {"events": 2000, "sessions": 0}), 15, 300),
    "record of 200 pages": (
        ("full_record", "pdf", {"sessions": 50, "lines": 60, "words": 250, "events": 200, "points": 60}),
        60,
        300,
    ),
    "the same in Word": (
        ("full_record", "docx", {"sessions": 50, "lines": 60, "words": 250, "events": 200, "points": 60}),
        60,
        300,
    ),
}


def make(kind: str, form: str, sizes: dict[str, int]) -> dict[str, float]:
    """Make one document in this process and tell what it took, with the program that draws, which has been started."""
    from exports.builders import build, pdf, pdf_program
    from exports.tests.records import empty_record, record_with

    class Counting(pdf_program.Keeper):
        """Remembers what drawing took."""

        used = pdf_program.Drawn(b"", 0, 0)

        def draw(self, html: bytes) -> pdf_program.Drawn:
            """Draw as always."""
            self.used = super().draw(html)
            return self.used

    pdf.KEEPER = counting = Counting()
    build(form, empty_record(), BytesIO())
    record, file = record_with(kind=kind, **sizes), BytesIO()
    began, cpu = time.monotonic(), time.process_time()
    build(form, record, file)
    seconds, own = time.monotonic() - began, time.process_time() - cpu
    pages = len(pypdf.PdfReader(file).pages) if form == "pdf" else 0
    return {
        "seconds": seconds,
        "cpu": own + counting.used.seconds,
        "megabytes": max(counting.used.kilobytes / 1024, largest_memory()),
        "pages": pages,
        "kilobytes": len(file.getvalue()) / 1024,
    }


def measure() -> list[Figure]:
    """Make each document once; its time is that of the processor."""
    print(f"{'':28}{'seconds':>9}{'CPU s':>8}{'MB':>7}{'pages':>7}{'kB':>8}")
    figures = []
    for name, (what, most_seconds, most_megabytes) in DOCUMENTS.items():
        slow = slowness()
        told = json.loads(_in_a_process(what))
        print(
            f"{name:28}{told['seconds']:9.1f}{told['cpu']:8.1f}{told['megabytes']:7.0f}{told['pages']:7.0f}"
            f"{told['kilobytes']:8.0f}"
        )
        figures.append(Figure("15", f"{name}: CPU", told["cpu"], "s", most_seconds, slow))
        figures.append(Figure("15", f"{name}: memory", told["megabytes"], "MB", most_megabytes))
    return figures


def _in_a_process(what: tuple[str, str, dict[str, int]]) -> bytes:
    done = subprocess.run([sys.executable, "-m", "bench.exports", json.dumps(what)], stdout=subprocess.PIPE, check=True)
    return done.stdout


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "therapybridge.settings")
    django.setup()
    print(json.dumps(make(*json.loads(sys.argv[1]))))
