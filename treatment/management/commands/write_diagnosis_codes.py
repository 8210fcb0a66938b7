"""Write the list of diagnosis codes from the tabular list of ICD-10-CM, an XML file that CDC/NCHS publishes each year.

The file is also in the package simple-icd-10-cm of PyPI (1.5.0 has the update of April 1, 2026). After a new
release, also change `RELEASE` in treatment/diagnoses/codes.py.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, parse

from django.core.management.base import BaseCommand

from treatment.diagnoses.codes import LIST, LISTED, RELEASE

HEADER = f"""# {RELEASE}: F01-F99 and Z55-Z65. Public domain.
# code, whether it is billable, description, other names
"""


class Command(BaseCommand):
    """Writes treatment/diagnoses/icd10cm.tsv."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the published file lies."""
        parser.add_argument("tabular", help="path of icd10cm-tabular-….xml")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the list."""
        tabular = parse(options["tabular"])  # noqa: S314 (a file that whoever runs this has chosen)
        lines = ["\t".join(row) for row in _rows(tabular.getroot())]
        LIST.write_text(HEADER + "\n".join(lines) + "\n")
        self.stdout.write(f"{len(lines)} codes")


def _rows(above: Element, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The codes below an element. Other names of a code include those of its categories: PTSD finds F43.10 too."""
    for diagnosis in above.iterfind("diag" if names or above.tag == "diag" else ".//section/diag"):
        code, described = diagnosis.findtext("name", ""), diagnosis.findtext("desc", "")
        terms = [note.text or "" for note in diagnosis.iterfind("inclusionTerm/note")]
        if LISTED.match(code):
            is_billable = "0" if diagnosis.find("diag") is not None else "1"
            yield code, is_billable, described, "; ".join([*terms, *names]).replace("\t", " ")
        yield from _rows(diagnosis, (*names, described))
