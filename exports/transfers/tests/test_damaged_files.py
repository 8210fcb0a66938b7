"""Files that are damaged, deep or endless, and what a page sends back changed: refused, never a defect."""

import io
import json
import tracemalloc
from random import Random
from zipfile import ZipFile

import pytest

from accounts.tests.factories import access_for
from exports.imports.services.refusals import ImportRefused
from exports.transfers.services.tables import MAX_BYTES, read_table
from exports.transfers.services.transcripts import read_transcripts, unpacked

TALK = "Therapist: How was your week?\nPatient: Better. I slept six hours.\n"


def zipped() -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("2026-03-02 first é.txt", TALK)
        archive.writestr("2026-03-09.txt", TALK)
    return file.getvalue()


def test_a_zip_that_is_damaged_anywhere_is_read_or_refused():
    data, draw, codes = zipped(), Random(1), set[str]()
    for place in range(len(data)):
        damaged = bytearray(data)
        damaged[place] = draw.randrange(256)
        try:
            json.loads(unpacked(bytes(damaged)))
        except ImportRefused as refused:
            codes.add(str(refused.code))
    assert "not_zip" in codes


@pytest.mark.parametrize("content", ["[" * 100_000, '{"2026-03-02.txt": "\\ud800"}'], ids=["deep", "half a character"])
@pytest.mark.django_db
def test_texts_that_come_back_from_the_page_changed_are_refused(content, therapist, patient):
    with pytest.raises(ImportRefused):
        read_transcripts(content, access=access_for(therapist, patient))


def test_a_table_of_endless_lines_is_read_no_further_than_it_may_be_long():
    tracemalloc.start()
    with pytest.raises(ImportRefused) as refused:
        read_table("First Name" + "\n" * (MAX_BYTES - 10), {"firstname": "first_name"})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (refused.value.code, peak < 10 * MAX_BYTES) == ("too_many_lines", True)
