"""Statements in Spanish: which stand in the lines, and which a person has to look at."""

import pytest

from sessions_app.pipeline.evidence.statements import Transcript
from sessions_app.pipeline.lexicon.languages import LANGUAGES
from sessions_app.pipeline.tests.test_evidence import of_task, of_text
from sessions_app.pipeline.text.figures import with_figures
from sessions_app.pipeline.text.words import content_words, spoken_words
from sessions_app.tests.talk import talk

SPANISH = LANGUAGES["es"]
TALK = talk(
    ("therapist", "Buenas tardes. ¿Cómo ha dormido esta semana?"),
    ("patient", "Mal. Me cuesta mucho dormirme y me despierto a las cinco. Duermo unas cuatro horas."),
    ("therapist", "¿Ha hablado con su hermano de la mudanza?"),
    ("patient", "Sí, el domingo. Me puse muy nerviosa y me temblaban las manos."),
    ("therapist", "¿Sigue tomando la sertralina?"),
    ("patient", "No, la dejé en marzo porque me mareaba. Mi jefa dice que falto demasiado."),
    ("therapist", "Le propongo que cada noche anote en un cuaderno tres cosas que le preocupan."),
    ("patient", "De acuerdo, lo intento. Treinta y cinco minutos, como mucho."),
    ("therapist", "Y el domingo, ¿fue al parque con los niños?"),
    ("patient", "No pude. Mi marido trabaja hasta las once de la noche y no llega a cenar."),
)


def outcome(text, *cited, **more):
    return of_text(text, *cited, segments=TALK, **more)


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("La paciente refiere dificultad para dormir.", (1,)),
        ("Duerme unas 4 horas.", (1,)),
        ("Se despierta a las 5.", (1,)),
        ("Habló con su hermano de la mudanza el domingo.", (2, 3)),
        ("Sintió ansiedad y le temblaban las manos.", (3,)),
        ("Dejó la sertralina en marzo por los mareos.", (4, 5)),
        ("Su esposo trabaja hasta las 23 horas.", (9,)),
        ("Se habló de la mudanza.", (2, 3)),
        ("Hablar con su hermano la puso muy nerviosa.", (2, 3)),  # no instruction
    ],
)
def test_a_faithful_paraphrase_is_supported(text, cited):
    assert outcome(text, *cited) == ("supported", "")


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("La terapeuta refiere que se despierta a las cinco.", (1,)),  # the speaker
        ("Duerme unas seis horas.", (1,)),  # the number
        ("Sigue tomando la sertralina.", (4, 5)),  # the answer was no
        ("Habló con su hermana de la mudanza el domingo.", (2, 3)),
        ("Habló con su padre de la mudanza el domingo.", (2, 3)),  # the person
        ("Se puso nerviosa y lloró.", (3,)),  # an added fact
        ("Fue al parque con los niños el domingo.", (8, 9)),
        ("Presenta un trastorno de pánico.", (3,)),
    ],
)
def test_what_was_not_said_is_to_be_checked(text, cited):
    assert outcome(text, *cited)[0] == "check"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Dejó la fluoxetina en marzo.", "drug"),
        ("El riesgo de la paciente es bajo.", "risk_level"),
        ("Dijo: «No aguanto más».", "quotation"),
    ],
)
def test_what_is_invented_is_refused(text, reason):
    assert outcome(text, 4, 5) == ("refused", reason)


@pytest.mark.parametrize("text", ["Ella duerme unas cuatro horas.", "Duerme mal. Ella se despierta a las cinco."])
def test_a_pronoun_that_opens_a_sentence_names_nobody(text):
    assert outcome(text, 1) == ("supported", "")


def test_the_name_that_such_a_word_also_is_is_not_invented_inside_a_sentence():
    assert outcome("Habló con Ella de la mudanza el domingo.", 2, 3) == ("refused", "name")
    assert outcome("Cecilia duerme unas cuatro horas.", 1)[0] == "check"
    assert outcome("Daniela y Isabel duermen unas cuatro horas.", 1) == ("refused", "name")


def test_a_name_that_is_also_a_word_is_looked_at():
    assert outcome("Linda mudanza con su hermano.", 2, 3) == ("check", "name")
    assert outcome("Lucía duerme unas cuatro horas.", 1) == ("check", "name")


def test_she_is_no_name_of_the_patient_although_the_therapist_alone_says_it():
    said = talk(
        ("therapist", "¿Y qué hizo ella cuando llegó a casa?"),
        ("patient", "Mi madre se encerró en el cuarto y no salió hasta la noche."),
        ("therapist", "¿Qué le dijo ella?"),
        ("patient", "Nada. Yo preparé la cena."),
    )
    assert "ella" not in Transcript(said).voices
    named = talk(("therapist", "Ella, what did you do?"), ("patient", "I slept."), ("therapist", "Well, Ella."))
    assert Transcript(named).voices == {"ella": "patient"}


def test_a_task_that_was_set_and_accepted_is_supported():
    assert (
        of_task("Anotar cada noche en un cuaderno tres cosas que le preocupan", 6, 7, segments=TALK)[0] == "supported"
    )


def test_number_words_are_joined_as_spanish_joins_them():
    said = "treinta y cinco, tres mil doscientos, 6.000, cuatro o cinco, cinco y seis"
    assert with_figures(said, SPANISH) == "35, 3200, 6000, 4 o 5, 5 y 6"


def test_an_accent_tells_a_yes_from_an_if():
    assert [word.text for word in content_words("Sí, el té", SPANISH)] == ["infusion"]


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("insomnio", "No pegué ojo en toda la noche."),
        ("aislamiento", "Me encierro en el cuarto."),
        ("irritabilidad", "Salto por todo."),
        ("nostalgia", "Lo extraño mucho."),  # a letter that folding takes away
        ("repentina", "Me vino de golpe."),
    ],
)
def test_a_clinicians_word_is_said_in_idioms(note, said):
    assert any(content_words(note, SPANISH)[0].means(word) for word in spoken_words(said, SPANISH))
