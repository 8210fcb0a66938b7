"""The names that transcription services give to the same things. Keys are compared without case, "_" and "-"."""

# Lists of entries, the most telling first: of several lists, only those of the first of
# these names are read.
# audio_segments, items: AWS; monologues: Rev; recognizedPhrases: Azure; transcription: whisper.cpp; entries: Teams;
# timeline: Zoom; transcripts: Otter; utterances: AssemblyAI, Deepgram; chunks: Hugging Face; results: Google.
_LISTS = (
    "audiosegments utterances monologues segments transcription entries transcriptentries transcriptlist timeline "
    "recognizedphrases turns cues captions "
    "paragraphs sentences lines "
    "chunks events messages dialogue conversation results items wordsegments words tokens elements "
    "transcripts transcript data"
)
WORD_LISTS = frozenset(["items", "wordsegments", "words", "tokens", "elements"])
PARTS = ("elements", "sentences", "segs", "words", "tokens")
_TEXT = (
    "text transcript spokentext punctuatedword word displaytext display utterance sentence content value body caption "
    "message utf8"
)
_START = (
    "start tstartms "
    "starttime startoffset startts startms starttimems startmilliseconds startseconds startsec starttimeseconds "
    "startdatetime starttimestamp begin begintime beginms offsetmilliseconds offsetinticks offset from ts "
    "tsms timestamp time t"
)
_END = (
    "end endtime endoffset endts endms endtimems endmilliseconds endseconds endsec endtimeseconds enddatetime "
    "endtimestamp "
    "stop stoptime stopts resultendtime resultendoffset to until"
)
_LENGTH = "duration dur ddurationms durationms durationmilliseconds durationinticks durationseconds"
PAIR = ("timestamp", "time", "interval", "dur", "offsets", "timestamps")  # both times in one value
_SPEAKER = (
    "label speakername speakerdisplayname username speakerlabel speaker participantname participant author name users "
    "speakerid speakertag spk sid userid role"
)
CHANNEL = ("channellabel", "channelname", "channel", "channeltag", "channelid")  # of files that have several
PEOPLE = ("speakers", "participants", "users")  # lists that give the names behind ids
NAME = ("speakername", "displayname", "username", "name", "label", "id")
LISTS, TEXT, START, END, LENGTH, SPEAKER = (
    tuple(names.split()) for names in (_LISTS, _TEXT, _START, _END, _LENGTH, _SPEAKER)
)
UNITS = (("ticks", 1e-7), ("millis", 1e-3), ("ms", 1e-3), ("nanos", 1e-9), ("ns", 1e-9), ("seconds", 1.0), ("sec", 1.0))


def plain_key(key: str) -> str:
    """The key without case and separators."""
    return key.lower().replace("_", "").replace("-", "")


def unit_of(key: str) -> float | None:
    """Seconds in the unit that the name of a number says."""
    return next((unit for ending, unit in UNITS if key.endswith(ending)), 1e-3 if "millis" in key else None)
