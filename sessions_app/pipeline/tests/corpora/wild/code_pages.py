"""Files in other code pages, long enough to be told apart."""

from sessions_app.pipeline.tests.corpora.wild.conversations import (
    ARABIC,
    FRENCH,
    GERMAN,
    HEBREW,
    JAPANESE,
    RUSSIAN,
    SLEEP,
    SPANISH,
)
from sessions_app.pipeline.tests.corpora.wild.model import Conversation, Line, WildTranscript, as_json, twin, wild

RUSSIAN_LABELS = ("Терапевт", "Пациент")
HEBREW_LABELS = ("מטפלת", "מטופל")
ARABIC_LABELS = ("المعالج", "المريض")
JAPANESE_LABELS = ("セラピスト", "患者")
GERMAN_LABELS = ("Therapeutin", "Patient")
FRENCH_LABELS = ("Th\u00e9rapeute", "Patiente")
QUOTED = Conversation(
    (
        "Was hat Ihre Mutter gesagt\u2026?",
        "\u201eDu bist schuld\u201c \u2013 danach wollte ich nicht mehr leben.",
        "Und was w\u00fcnschen Sie sich f\u00fcr heute?",
        "Dass es aufh\u00f6rt. Ich m\u00f6chte schlafen k\u00f6nnen, ohne \u00c4ngste.",
    ),
    risk=1,
)


def lines(talk: Conversation, labels: tuple[str, str], colon: str = ": ", end: str = "\r\n") -> str:
    names = dict(zip("tp", labels, strict=True))
    return "".join(f"{names[v]}{colon}{text}{end}" for v, text in zip(talk.voices, talk.texts, strict=True))


def cues(talk: Conversation, labels: tuple[str, str]) -> str:
    said = lines(talk, labels, end="\n").splitlines()
    return "\n".join(
        f"{n}\n00:00:{second:02},000 --> 00:00:{second + 3:02},000\n{line}\n"
        for n, (second, line) in enumerate(zip((1, 5, 10, 15), said, strict=True), 1)
    )


def page(
    name: str, encoding: str, talk: Conversation, labels: tuple[str, str], why: str, colon: str = ": ", **more: str
) -> WildTranscript:
    text = lines(talk, labels, colon)
    return wild(f"page-{name}", "notes.txt", text, talk, labels, None, encoding=encoding, why=why, **more)


def with_stray_byte() -> WildTranscript:
    """UTF-8 with one apostrophe of Windows-1252."""
    before, after = lines(GERMAN, GERMAN_LABELS).split("geht es.")
    data = f"{before}geht".encode() + b"\x92" + f"s.{after}".encode()
    right = [*twin(GERMAN, GERMAN_LABELS, None)]
    right[3] = Line(right[3].label, None, right[3].text.replace("geht es.", "geht\ufffds."))
    why = "One wrong byte becomes one replacement character; the umlauts beside it stay right."
    return WildTranscript("page-utf-8-stray-byte", "notes.txt", data, tuple(right), GERMAN.risk, why)


CODE_PAGES = [
    page("cp1251-russian", "cp1251", RUSSIAN, RUSSIAN_LABELS, "Russian Windows."),
    page(
        "koi8-r-russian",
        "koi8-r",
        RUSSIAN,
        RUSSIAN_LABELS,
        "Russian Unix: as cp1251 it would be letters in the wrong case.",
        debatable="Rare today; a refusal would be honest, letters in the wrong order would not.",
    ),
    page(
        "cp1252-french",
        "cp1252",
        FRENCH,
        FRENCH_LABELS,
        "Western Windows, with the ligature that Latin-1 does not have.",
        "\u00a0: ",
    ),
    page(
        "cp1252-german",
        "cp1252",
        QUOTED,
        GERMAN_LABELS,
        "Western Windows: quotation marks, dash and ellipsis lie at 0x80 to 0x9f.",
    ),
    page("latin-1-spanish", "latin-1", SPANISH, ("Terapeuta", "Paciente"), "Latin-1, with inverted question marks."),
    page("cp1255-hebrew", "cp1255", HEBREW, HEBREW_LABELS, "Hebrew Windows."),
    page("cp1256-arabic", "cp1256", ARABIC, ARABIC_LABELS, "Arabic Windows."),
    page(
        "shift-jis-japanese",
        "shift_jis",
        JAPANESE,
        JAPANESE_LABELS,
        "Shift-JIS: second bytes look like ASCII.",
        "\uff1a",
    ),
    page("utf-16-with-mark", "utf-16", GERMAN, GERMAN_LABELS, "Windows Notepad's Unicode."),
    page(
        "utf-16-le-bare",
        "utf-16-le",
        RUSSIAN,
        RUSSIAN_LABELS,
        "UTF-16 without a mark: Cyrillic has no zero bytes but at spaces.",
    ),
    page("utf-16-be-bare", "utf-16-be", FRENCH, FRENCH_LABELS, "UTF-16 of the other end, without a mark."),
    page("utf-16-le-bare-hebrew", "utf-16-le", HEBREW, HEBREW_LABELS, "UTF-16 without a mark, right to left."),
    page("utf-8-signed-arabic", "utf-8-sig", ARABIC, ARABIC_LABELS, "UTF-8 with a mark."),
    wild(
        "page-cp1251-srt",
        "notes.srt",
        cues(RUSSIAN, RUSSIAN_LABELS),
        RUSSIAN,
        RUSSIAN_LABELS,
        encoding="cp1251",
        why="Numbers and clocks are ASCII; the words are not.",
    ),
    wild(
        "page-utf-16-be-marked-vtt",
        "notes.vtt",
        "\ufeffWEBVTT\n\n" + cues(SPANISH, ("Terapeuta", "Paciente")).replace(",000", ".000"),
        SPANISH,
        ("Terapeuta", "Paciente"),
        encoding="utf-16-be",
        why="A caption file saved as Unicode (big endian).",
    ),
    wild(
        "page-utf-16-json",
        "notes.json",
        as_json([{"speaker": ("T", "P")[n % 2], "text": text} for n, text in enumerate(SLEEP.texts)]),
        SLEEP,
        ("T", "P"),
        None,
        encoding="utf-16",
        why="PowerShell redirects in UTF-16.",
    ),
    with_stray_byte(),
]
