# ruff: noqa: RUF001  letters of other scripts
import pytest

from sessions_app.pipeline.tests.transcripts import read, said, timed
from sessions_app.pipeline.transcripts.clean import cleaned
from therapybridge.core.errors import TooLarge, Unprocessable

SPOKEN = {
    "cp1252": ["Patientin: Ich war müde – naïve Café.", "Paciente: ¿Mañana, señora?", "Patient: I don’t know…"],
    "cp1250": ["Pacjentka: Nie śpię, boję się.", "Pacient: Špatně spím, je to těžké."],
    "cp1254": ["Danışan: Çok yorgunum, ağlıyorum."],
    "mac_roman": ["Patiente : J’ai été fatiguée."],
    "cp1251": ["Терапевт: Что было?\nПациент: Мне страшно."],
    "koi8_r": ["Терапевт: Что было?\nПациент: Мне страшно."],
    "cp866": ["Терапевт: Что было?\nПациент: Мне страшно."],
    "cp1253": ["Θεραπευτής: Πώς ήταν;\nΠελάτης: Δύσκολα."],
    "cp1255": ["מטפלת: איך היה?\nמטופל: היה לי קשה מאוד"],
    "cp1256": ["المعالج: كيف كان الأسبوع؟\nالمريض: لم أنم جيدا"],
    "cp932": ["カウンセラー: どうでしたか。\nクライエント: 眠れませんでした。"],
    "gb18030": ["治疗师: 你这周怎么样？\n来访者: 我睡得不好。"],
    "cp949": ["상담사: 이번 주는 어땠어요?\n내담자: 잠을 못 잤어요."],
}


@pytest.mark.parametrize(("page", "text"), [(page, text) for page, texts in SPOKEN.items() for text in texts])
def test_an_old_code_page_is_recognised_and_told(page, text):
    parsed = read(text.encode(page))
    assert [f"{one.label}{one.text}" for one in parsed.segments] == [
        f"{one.label}{one.text}" for one in read(text).segments
    ]
    assert parsed.warnings == ["The file is not in UTF-8. Please check that all letters are right."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", ["Patient: café – naïve", "מטפלת: איך היה?"])
def test_unicode_is_read_in_all_its_forms(encoding, text):
    parsed = read(text.encode(encoding))
    assert (f"{parsed.segments[0].label}: {parsed.segments[0].text}", parsed.warnings) == (text, [])


@pytest.mark.parametrize("data", ["ผู้ป่วย: ฉันนอนไม่หลับ".encode("cp874"), bytes(range(128, 256))])
def test_a_code_page_that_cannot_be_told_is_refused(data):
    with pytest.raises(Unprocessable, match="save it as UTF-8") as refused:
        read(data)
    assert refused.value.code == "unreadable_transcript"


def test_a_stray_byte_costs_one_character():
    parsed = read("Patient: Ich war müde.".encode() + b" \x92 " + "Über alles.".encode())
    assert parsed.segments[0].text == "Ich war müde. \ufffd Über alles."
    assert parsed.warnings == ["1 damaged character was replaced by \ufffd."]


def test_text_that_was_encoded_twice_is_mended():
    assert said("Patient: Ich war müde – sehr.".encode().decode("cp1252")) == [("Patient", "Ich war müde – sehr.")]


def test_control_characters_are_dropped():
    assert said("Pat\x01ient: I\x00 slept\x1b[0m well") == [("Patient", "I slept[0m well")]


@pytest.mark.parametrize(
    "invisible", ["\ufeff", "\u200b", "\u200e", "\u2069", "\xad", "\u2060", "\x00", "\u200d", "\U000e0041"]
)
def test_invisible_characters_are_stripped(invisible):
    assert cleaned(f"a{invisible}b") == "ab"


@pytest.mark.parametrize("text", ["می\u200cخواهم", "👩\u200d👧", "é", "क्\u200dष"])
def test_joiners_stay_where_they_mean_something(text):
    assert cleaned(text) == text


@pytest.mark.parametrize("end", ["\r\n", "\r", "\r\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x1e"])
def test_every_end_of_a_line_is_one(end):
    assert cleaned(f"a{end}b") == "a\nb"


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        ("", "a.txt"),
        (" \r\n\t", "a.txt"),
        ("...", "a.txt"),
        ("\ufeff\u200b", "a.txt"),
        ("WEBVTT\n", "a.vtt"),
        ("[]", "a.json"),
        ('{"segments": []}', "a.json"),
        ('[{"text": null}]', "a.json"),
    ],
)
def test_a_transcript_without_words_is_refused(content, filename):
    with pytest.raises(Unprocessable) as refused:
        read(content, filename)
    assert (refused.value.code, refused.value.status) == ("empty_transcript", 422)


@pytest.mark.parametrize(
    ("content", "filename", "place"),
    [
        ('{"segments":\n[}', "a.json", "line 2"),
        ('{"words": 1}', "a.json", "line 1"),
        ("[" * 100_000, "a.json", "line 1"),
        ("[" + "9" * 5000 + "]", "a.json", "line 1"),
        (b"PK\x03\x04" + bytes(range(256)), "a.docx", "line 1"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9, "a.txt", "line 1"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(content, filename, place):
    with pytest.raises(Unprocessable) as refused:
        read(content, filename)
    assert refused.value.code == "unreadable_transcript"
    assert place in refused.value.detail


def test_more_than_five_megabytes_are_refused():
    with pytest.raises(TooLarge):
        read(b"a" * (5 * 1024 * 1024 + 1))


@pytest.mark.slow
def test_more_than_twenty_thousand_lines_are_refused():
    assert len(timed("word\n" * 20_000)) == 20_000
    with pytest.raises(TooLarge):
        read("word\n" * 20_001)
