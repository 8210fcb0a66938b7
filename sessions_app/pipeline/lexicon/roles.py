"""Words of the trade for the voices of a session, in English, Spanish, German, French, Hebrew and Arabic; the plain
ones in Russian, Ukrainian, Polish, Italian, Portuguese, Dutch and Turkish."""

import re

from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.types import Speaker

_THERAPIST = """
therapist clinician counsellor counselor psychologist psychiatrist psychotherapist doctor provider practitioner
interviewer facilitator analyst psychoanalyst supervisor
terapeuta psicoterapeuta psicologa psicologo psiquiatra doctora consejera consejero orientadora orientador
entrevistadora entrevistador
therapeut therapeutin psychotherapeut psychotherapeutin psychologe psychologin psychiater psychiaterin berater beraterin
doktor arzt ärztin interviewerin
thérapeute psychothérapeute psychologue psychiatre docteur médecin conseiller conseillère intervenant intervenante
praticien praticienne
מטפל מטפלת פסיכולוג פסיכולוגית פסיכותרפיסט פסיכותרפיסטית פסיכיאטר פסיכיאטרית תרפיסט תרפיסטית יועץ יועצת רופא רופאה
معالج معالجة طبيب طبيبة دكتور دكتورة مستشار مستشارة مرشد مرشدة
терапевт психотерапевт психолог психиатр психоаналитик врач доктор консультант
психотерапевтка психологиня терапевтка психіатр психоаналітик лікар лікарка
terapeutka psychoterapeuta psychoterapeutka psycholog psycholożka psychiatra lekarz lekarka
terapista psicoterapista psichiatra dottore dottoressa medico
médica
therapeute psycholoog psychotherapeute behandelaar hulpverlener
terapist psikoterapist psikolog psikiyatr danışman hekim
"""  # noqa: RUF001  dotless i
_PATIENT = """
patient client interviewee counselee
paciente cliente clienta consultante entrevistada entrevistado
patientin klient klientin
patiente cliente
מטופל מטופלת פציינט פציינטית לקוח לקוחה
مريض مريضة عميل عميلة مراجع مراجعة مسترشد مسترشدة منتفع منتفعة
пациент пациентка клиент клиентка
пацієнт пацієнтка клієнт клієнтка
pacjent pacjentka klientka
paziente
patiënt patiënte cliënt cliënte
hasta danışan müşteri
"""  # noqa: RUF001  dotless i
_AIDE = """
interpreter translator observer guardian carer caregiver nurse companion
intérprete traductor traductora observador observadora acompañante enfermera enfermero
dolmetscher dolmetscherin übersetzer übersetzerin beobachter beobachterin begleitperson
interprète traducteur traductrice observateur observatrice infirmier infirmière
מתורגמן מתורגמנית מתרגם מתרגמת צופה מלווה
مترجم مترجمة مراقب مراقبة مرافق مرافقة ممرض ممرضة
"""
_KIN = """
other family relative partner spouse husband wife mother father mum mom mama dad papa parent son daughter sister brother
grandmother grandfather aunt uncle boyfriend girlfriend friend
otra otro pareja esposa esposo marido madre padre mamá papá hija hijo hermana hermano abuela abuelo amiga amigo
partnerin ehemann ehefrau mutter vater sohn tochter schwester bruder großmutter großvater angehörige angehöriger
freundin
autre conjoint conjointe épouse époux mère père maman fils fille sœur frère
אמא אבא אם אב בעל אישה בת אח אחות אחר אחרת
أم أب والدة والد زوج زوجة ابن ابنة أخ أخت آخر أخرى
"""
_SHORT: dict[str, Speaker] = {
    **dict.fromkeys(("t", "th", "dr", "doc", "psy", "т"), "therapist"),
    **dict.fromkeys(("p", "pt", "pac", "c", "cl", "k", "kl", "п", "к"), "patient"),
    **dict.fromkeys(("unknown", "unidentified", "unknown speaker", "unidentified speaker", "unbekannt"), "unknown"),
    **dict.fromkeys(("desconocida", "desconocido", "inconnu", "inconnue", "לא ידוע", "غير معروف"), "unknown"),
    "service user": "patient",
}
_TITLES_TEXT = "dr dra dott dottore dottoressa doctor doctora docteur doktor דר דוקטור دكتور دكتورة الدكتور"
_TITLES = frozenset(_TITLES_TEXT.split())
_ARTICLES = "the your my our el la los las tu mi der die das dem den le les l votre mon ma"
_NUMBER = re.compile(r"(?: ?\d{1,2}| [a-d])")
_POINTS = re.compile(r"[\u0591-\u05c7\u064b-\u0652]")  # vowel signs of Hebrew and Arabic
_GERSHAYIM = re.compile(r"(?<=ד)[\"\u05f4](?=ר)")  # the mark inside the Hebrew "Dr"
_NAME_WORDS = 3


def _folded(words: str, role: Speaker) -> dict[str, Speaker]:
    return {fold(word): role for word in words.split()}


_TRADE = _folded(_THERAPIST, "therapist") | _folded(_PATIENT, "patient") | _folded(_AIDE, "other")
_RELATIVES = _folded(_KIN, "other")
_WORDS = _RELATIVES | _TRADE


def role_of(label: str) -> Speaker | None:
    """The role that a label names: "Dr Weiss", "T:", "the client", "Patient's mother"; None for mere names.

    "unknown" is for labels that say that nobody knows.
    """
    words = [word for word in fold(_GERSHAYIM.sub("", _POINTS.sub("", label))).split() if word not in _ARTICLES.split()]
    plain = _unnumbered(" ".join(words))
    return _SHORT.get(plain) or _word_role(plain) or _of_several(plain.split())


def _unnumbered(plain: str) -> str:
    number = _NUMBER.search(plain[1:])
    return plain[: number.start() + 1] if number and number.end() + 1 == len(plain) else plain


def _word_role(word: str) -> Speaker | None:
    """The role of one word, which may have a Hebrew or Arabic article."""
    return _WORDS.get(word) or _WORDS.get(word.removeprefix("ה")) or _WORDS.get(word.removeprefix("ال"))


def _of_several(words: list[str]) -> Speaker | None:
    """A title or word of the trade beside a name; a relative of the patient is not the patient."""
    if not 1 < len(words) <= _NAME_WORDS + 1:
        return None
    if any(_word_role(word.removesuffix("s")) for word in words[:-1]) and words[-1] in _RELATIVES:
        return "other"
    if words[0] in _TITLES or words[0] in _RELATIVES:
        return "therapist" if words[0] in _TITLES else "other"
    roles = {_TRADE.get(word) for word in (words[0], words[-1])} - {None}
    return roles.pop() if len(roles) == 1 else None
