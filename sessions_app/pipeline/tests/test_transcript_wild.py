import pytest

from sessions_app.pipeline.tests.corpora.wild_transcripts import REFUSED, WILD, Line, mismatches
from sessions_app.pipeline.transcripts import parse_transcript
from therapybridge.core.errors import Unprocessable

# A clock with a point instead of a colon may as well be a decimal.
UNREAD = {"txt-clock-in-braces-and-bare"}


@pytest.mark.parametrize("case", [case for case in WILD if case.id not in UNREAD], ids=lambda case: case.id)
def test_a_wild_transcript_is_read_as_its_clean_twin(case):
    segments = parse_transcript(case.data, case.filename).segments
    assert mismatches(case, [Line(one.label or None, one.start, one.text) for one in segments]) == []


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.id)
def test_what_is_no_transcript_is_refused_with_a_sentence(case):
    with pytest.raises(Unprocessable) as refused:
        parse_transcript(case.data, case.filename)
    assert refused.value.detail.endswith(".")
