"""Reading transcripts in tests."""

from sessions_app.pipeline.transcripts import parse_transcript


def read(content, filename="talk.txt"):
    return parse_transcript(content if isinstance(content, bytes) else content.encode(), filename)


def timed(content, filename="talk.txt"):
    return [(one.start, one.end, one.label, one.text) for one in read(content, filename).segments]


def said(content, filename="talk.txt"):
    return [(one.label, one.text) for one in read(content, filename).segments]
