"""Lines that the meeting service wrote and nobody said: "Kim Alt joined the meeting", "Recording started"."""

import re
from collections.abc import Iterator

from sessions_app.pipeline.text.matching import voice_key
from sessions_app.pipeline.transcripts.labels import MAX_LABEL, is_name

_THING = (
    r"(?:transcri(?:ption|pt|bing)|(?:the |this )?(?:recording|meeting|call|session|live transcription|captions)"
    r"|(?:die )?(?:transkription|aufzeichnung|besprechung)|(?:la )?(?:transcripci[oó]n|grabaci[oó]n|reuni[oó]n)"
    r"|(?:la |l['’])?(?:transcription|enregistrement|réunion))"  # noqa: RUF001  apostrophe
)
_PLACE = (
    r"(?:(?:the|this) (?:meeting|call|conference|conversation|chat|session|room|waiting room|webinar|channel)"
    r"|der besprechung|die besprechung|(?:a )?la reuni[oó]n|la réunion)"
)
_BEGAN = r"(?:started|stopped|ended|paused|resumed|began|turned (?:on|off))"
_WENT = r"(?:joined|left|entered|re-?joined)"
_DONE = rf"(?:(?:has|have|was|were) )?(?:been )?{_BEGAN}"
# What follows the name of a person who did something.
_DEED = re.compile(
    rf"{_DONE} {_THING}|(?:(?:has|have) )?{_WENT} {_PLACE}|was (?:admitted|removed|invited)(?: (?:to|from) {_PLACE})?"
    rf"|hat {_THING} (?:gestartet|begonnen|beendet|angehalten)|ist {_PLACE} beigetreten|hat {_PLACE} verlassen"
    rf"|(?:ha )?(?:inici|inici[oó]|iniciado|detuvo|detenido|finaliz[oó]) {_THING}"
    rf"|(?:se (?:ha )?uni(?:ó|do) a|abandon[oó]|sali[oó] de|ha abandonado) {_PLACE}"
    rf"|a (?:démarré|arrêté|lancé) {_THING}|a (?:rejoint|quitté) {_PLACE}",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"(?:the |this )?(?:(?:live )?transcription|recording|captions) (?:(?:has|was) )?(?:been )?"
    rf"(?:{_BEGAN}|(?:is )?in progress)|transcri(?:bed|pt(?:ion)?) (?:by|with)\b.{{0,200}}"
    r"|(?:this|the) (?:meeting|call|session) is being (?:recorded|transcribed)"
    r"|(?:aufzeichnung|transkription) (?:gestartet|begonnen|beendet|angehalten)"
    r"|(?:grabaci[oó]n|transcripci[oó]n) (?:iniciada|finalizada|detenida)"
    r"|(?:enregistrement|transcription) (?:démarrée?|arrêtée?|terminée?)",
    re.IGNORECASE,
)
# People say this, too, but then it is a sentence.
_NOTICE = re.compile(
    rf"{_THING} {_DONE}(?: (?:by|at|after|on)\b.{{0,80}})?|besprechung beendet|reuni[oó]n finalizada|réunion terminée",
    re.IGNORECASE,
)
_MARKS = " \t.!*_-–—[](){}<>•\u2022"  # noqa: RUF001  dash
_MOST_WORDS = 7  # of a name
_LONGEST = MAX_LABEL + 200  # characters


def is_service_line(line: str, label: str = "") -> bool:
    """Whether a service wrote the line; of what stands under a label, only what tells of that voice or of a machine."""
    if len(line) > _LONGEST:
        return False
    text = " ".join(line.split()).strip(_MARKS)
    if _MACHINE.fullmatch(text):
        return True
    if label:
        return _DEED.fullmatch(text) is not None or any(voice_key(name) == voice_key(label) for name in _doers(text))
    is_sentence = line.rstrip().endswith((".", "!", "?")) and " has " not in text
    return not is_sentence and (
        _NOTICE.fullmatch(text) is not None or any(is_name(name, digits=True) for name in _doers(text))
    )


def _doers(text: str) -> Iterator[str]:
    """What stands before a deed."""
    words = text.split(" ")
    for count in range(1, min(len(words), _MOST_WORDS)):
        if _DEED.fullmatch(" ".join(words[count:])):
            yield " ".join(words[:count])
