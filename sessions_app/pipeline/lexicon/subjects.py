"""Words that stand for whoever does something, and what may stand between them and the verb; all folded."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Subjects:
    """The subjects of a language, as those who speak use them and as notes do."""

    speaker: frozenset[str]
    addressed: frozenset[str]
    third: frozenset[str]
    patient: frozenset[str]  # in notes
    therapist: frozenset[str]
    between: frozenset[str]  # may stand before the verb
    being: frozenset[str]  # of these, what makes a passive or a continuous form
    ends: frozenset[str]  # after these, no verb of the subject follows
    before_object: frozenset[str]  # after these, a name is no subject
    reporting: frozenset[str]  # verbs of whom a note quotes
    continuous: str  # ending of a verb form that needs one of `being` before it; empty if there is none


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH_SUBJECTS = Subjects(
    speaker=_words("i we"),
    addressed=_words("you"),
    third=_words("he she they"),
    patient=_words("patient client"),
    therapist=_words("therapist counsellor counselor clinician"),
    between=_words("""
        am is are was were be been being do does did dont doesnt didnt have has had havent hasnt hadnt isnt arent wasnt
        werent will wont would wouldnt can cant cannot could couldnt should shouldnt may might must shall not never just
        also still only always often really already then now even both all almost usually sometimes actually kind sort
        of to going gonna used kept keeps keep got get gets ever since probably maybe so well like um uh eh
    """),
    being=_words("am is are was were be been being m re s got get gets isnt arent wasnt werent"),
    ends=_words("""
        a an the my his her their our your its this that these those in on at for with by from as than when if because
        and or but who which what where how no some any
    """),
    before_object=_words("to with of for at from by about than like between told tell tells asked ask asks"),
    reporting=_words("""
        say says said tell tells told think thinks thought feel feels felt describe describes described report reports
        reported mention mentions mentioned explain explains explained note notes noted add adds added
        recall recalls recalled believe believes believed wonder wonders wondered
    """),
    continuous="ing",
)
SPANISH_SUBJECTS = Subjects(
    speaker=_words("yo nosotros nosotras"),
    addressed=_words("tu usted vos ustedes"),
    third=_words("ella ellos ellas"),
    patient=_words("paciente consultante"),
    therapist=_words("terapeuta psicologa psicologo"),
    between=_words("""
        no nunca siempre ya tambien todavia me te se le les lo nos he ha han has habia hemos esta estaba es era fue muy
        solo casi
    """),
    being=_words("esta estaba es era fue"),
    ends=_words("un una el la los las mi su sus mis de en con por para que y o pero cuando si"),
    before_object=_words("a al con de del en por para"),
    reporting=_words("""
        dice dijo dije decia refiere cuenta conto explica explico piensa pienso penso siente siento cree creo describe
        comenta comento
    """),
    continuous="",
)
