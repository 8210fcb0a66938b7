import pytest

from sessions_app.pipeline.lexicon.roles import role_of


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        ("therapist", ["Therapist", "THERAPIST", "Dr", "Dr. Anna O'Neil", "Counselor 1", "T", "T2", "your therapist"]),
        (
            "therapist",
            ["Terapeuta", "la psicóloga", "Dra. Ruiz", "Ärztin", "Beraterin", "Thérapeute", "Ada (therapist)"],
        ),
        ("therapist", ["מטפלת", "המטפל", 'ד"ר כהן', "المعالج", "مُعالِج", "دكتورة"]),
        (
            "therapist",
            ["Терапевт", "\u0422", "психолог", "Психотерапевтка", "лікар", "Terapeutka", "psycholożka"],
        ),
        (
            "therapist",
            ["Dott.ssa Bianchi", "psichiatra", "Psicóloga", "Psycholoog", "Behandelaar", "PSİKOLOG"],
        ),
        ("patient", ["Пациентка", "П", "клиент", "Пацієнт", "Клієнтка", "Pacjentka", "Klient", "Paziente", "cliente"]),
        ("patient", ["Cliënt", "patiënte", "Hasta", "Danışan"]),  # noqa: RUF001  dotless i
        ("patient", ["Patient", "the client", "P", "Pt 1", "Client 2", "Lin (client)", "service user"]),
        ("patient", ["paciente", "Klientin", "Patiente", "מטופלת", "المريض", "عميلة"]),
        ("other", ["Mother", "Patient's mother", "mother of the patient", "Mum (Sue)", "Interpreter", "Interprète"]),
        ("other", ["Großmutter", "Dolmetscherin", "אמא", "مترجمة", "Partner"]),
        ("unknown", ["Unknown", "unidentified speaker"]),
        (
            None,
            [
                "",
                "Lin Gast",
                "Speaker 1",
                "SPEAKER_00",
                "Q",
                "Pat",
                "Ben",
                "Tea",
                "Ada Muster",
                "patient and therapist",
            ],
        ),
    ],
)
def test_words_of_the_trade_name_a_role(role, labels):
    assert {label: role_of(label) for label in labels} == dict.fromkeys(labels, role)
