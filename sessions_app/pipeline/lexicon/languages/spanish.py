"""Spanish, as spoken in Spain, Mexico and the River Plate."""

# ruff: noqa: E501  a pattern is read as one line

import re

from sessions_app.pipeline.lexicon.drugs import DRUGS
from sessions_app.pipeline.lexicon.languages import spanish_words as words
from sessions_app.pipeline.lexicon.languages.language import Language
from sessions_app.pipeline.lexicon.measures import SPANISH_AMOUNTS, SPANISH_MEASURES
from sessions_app.pipeline.lexicon.subjects import SPANISH_SUBJECTS
from sessions_app.pipeline.text.matching import phrases
from sessions_app.pipeline.text.mentions import compiled

_I = re.IGNORECASE
_PATIENT = r"(?:(?:el|la|este|esta) )?(?:paciente|consultante|client[ea])"
_THERAPIST = r"(?:(?:el|la|tu|su) )?(?:terapeuta|psic[oó]log[oa]|profesional)"
_KIN = "|".join(words.KIN.split())
_OPEN_WORDS = (
    "que|como|por que|cuando|donde|quien|quienes|cual|cuanto|cuanta|cuantos|cuantas|a que|con que|en que|de que"
)
_START = r"^(?:y |entonces |pero |bueno |ok |vale |a ver |pues )*"
_DO = (
    r"(?:anot\w+|apunt\w+|escrib\w+|prob\w+|prueb\w+|practi\w+|llam\w+|habl\w+|hac\w+|hag\w+|haz|di|dig\w+|dej\w+|pon\w*|pong\w+"
    r"|sal\w*|camin\w+|intent\w+|ensay\w+|registr\w+|llev\w+|pregunt\w+|respir\w+|dedi\w+|eleg\w+|elij\w+|apag\w+|tra\w+|mand\w+)"
)
# A time alone sets nothing: "¿cómo ha dormido esta semana?"
_WHEN = r"((esta|la proxima|la otra|durante la|para la|en la) semana|(cada|todas las|todos los) (noches?|dias?|mananas?|tardes?))"
_SETS = rf"""
    te propongo|le propongo|os propongo|te sugiero|le sugiero|te invito a|te pido que|le pido que|te recomiendo|le recomiendo
    quedamos en( que)?|acordamos( que)?|me gustaria que|quiero que|quisiera que|te animo a|le animo a
    (tu|la|de|como|para) tarea|de deberes|para casa|podrias|podria|puedes|podes|te animas a|se anima a|que tal si
    que te parece si|que le parece si|te parece si|vas a|va a {_DO}
    {_WHEN} (\w+ ){{0,7}}{_DO}|{_DO} (\w+ ){{1,7}}{_WHEN}|hasta (la proxima|el proximo|que nos|nuestra)
    (antes de|entre|de aqui a) (la proxima|las sesiones|nuestra proxima|dormir|acostarte)
"""
_COMMITS = (
    rf"voy a {_DO}|lo (intento|hago|pruebo)|(intentare|tratare de|probare|hare|llamare|anotare|apuntare|hablare) ?\w*"
)
_HURTS = r"((hacer|hacerse|hacerte|hacerme) (dano|mal)|autolesi\w+|lesion\w+|lastim\w+)"
_RISK = rf"""
    suicid\w*|homicid\w*|{_HURTS}|mat(ar|arse|arme|arte|o)|morir\w*|muert[eo]|ideacion|sobredosis|violen\w+|abus\w+|armas?
    quitar(se|me|te) la vida|no (seguir|querer) (viviendo|vivir)|cort(arse|arme|arte)|intencion(es)?
"""
_DENY = r"(niega|nego|negaste|negas|niegas|negado|negar|descarta|descarto)"


SPANISH = Language(
    code="es",
    stemmer="spanish",
    unstemmed=words.PEOPLE,
    thesaurus="thesaurus_es",
    inserts=frozenset(
        [
            "me",
            "te",
            "se",
            "le",
            "les",
            "lo",
            "la",
            "los",
            "las",
            "nos",
            "mi",
            "mis",
            "tu",
            "tus",
            "su",
            "sus",
            "el",
            "un",
            "una",
            "muy",
            "mas",
            "de",
            "a",
            "que",
        ]
    ),
    accented={"sí": "afirmativo", "sé": "saber", "té": "infusion", "él": "ella"},
    phrases=words.PHRASES,
    glue=words.GLUE_WORDS,
    drugs=DRUGS | frozenset(words.DRUGS_SPOKEN.split()),
    negators=words.NEGATORS,
    only=frozenset({"solo", "solamente"}),
    late_no=frozenset({"no", "nada", "nunca", "ninguno", "ninguna"}),
    nearly=frozenset({"casi"}),
    all_of_it=frozenset(["todo", "toda", "todos", "todas", "siempre", "cada", "la", "diario", "mitad"]),
    scope_ends=words.SCOPE_ENDS,
    joins=frozenset({"y", "e"}),
    opens_clause=words.OPENS_CLAUSE,
    new_subject=frozenset({"yo"}),
    raising=frozenset({"que", "creo", "pienso"}),
    difficulty=words.DIFFICULTY,
    difficulty_links=frozenset(
        {"para", "al", "en", "de", "a", "me", "le", "te", "un", "mucho", "monton", "bastante", "muy", "mas"}
    ),
    hindered=re.compile(r"\S+ \w*[aei]r(?:me|te|se|lo|la|le)?"),
    number_words=words.NUMBER_WORDS,
    number_joins=frozenset({"y"}),
    ones=frozenset({"un", "una", "uno"}),
    measures=SPANISH_MEASURES,
    amounts=SPANISH_AMOUNTS,
    afternoon=re.compile(r"\b(\d|1[01])(?: y \w+)? de la (?:tarde|noche)\b"),
    intended=words.INTENDED,
    unreal=words.UNREAL,
    fearing=words.FEARING,
    thought=re.compile(r"\b(?:pense|pensaba|pienso|creo|crei|creia|va a|voy a|iba a|miedo|capaz|y si)\b"),
    kin=words.KIN,
    subjects=SPANISH_SUBJECTS,
    bystanders=words.KIN + words.WHEN,
    telltale=words.TELLTALE,
    clause_break=re.compile(
        rf"(?:,|;)?\s+(?:y|e|mientras(?: que)?|pero)\s+(?=(?:{_PATIENT}|{_THERAPIST})\b)|;\s+|,?\s+pero\s+", _I
    ),
    of_therapist=re.compile(rf"^(?:luego |entonces |despu[eé]s )?{_THERAPIST}\b|\bpor {_THERAPIST}\b", _I),
    of_patient=re.compile(
        rf"^{_PATIENT}\b|\bpor {_PATIENT}\b|^(?:ella|[eé]l|t[uú]|usted|vos|su|sus|tus)\b"
        r"|^(?:refiere|refiri[oó]|relata|relat[oó]|comenta|coment[oó]|explica|explic[oó]|cuenta|cont[oó]|expresa|manifiesta"
        r"|reconoce|describe|dice|dijo|dijiste|contaste|comentaste|mencionaste|explicaste)\b",
        _I,
    ),
    pronoun=re.compile(r"^(?:ella|[eé]l|ell[oa]s|su|sus)\b", _I),
    about=re.compile(
        rf"^(?:(?:{_PATIENT}|{_THERAPIST}|la sesi[oó]n|en la sesi[oó]n|en esta sesi[oó]n|hoy|ambos|juntos|los temas|t[uú] y yo)"
        r"(?: de hoy)?,? )?(?:se (?:habl[oó]|trat[oó]|abord[oó]|explor[oó]|trabaj[oó]|convers[oó]|hablar[aá])|hablaste|hablamos|hablaron"
        r"|habl[oó]|abordaron|abordamos|trataron|tratamos|exploramos|exploraron|conversamos|conversaron|se abordaron|se trataron"
        r"|se centr[oó] en|trat[oó]|gir[oó] en torno)\b(?: (?:sobre|de|del|acerca de|en torno a))?",
        _I,
    ),
    asked=re.compile(
        r"^(?:(?:al ser )?preguntad[oa]|(?:ante|a) la pregunta|al preguntar\w*) (?:de si|por|sobre|acerca de|de|si) ([^,]+),\s*",
        _I,
    ),
    claiming=re.compile(r"\b(?:que|es|est[aá]|son|era|fue|ha|han|hab[ií]a|no|nunca|tiene|porque)\b", _I),
    other_subject=re.compile(rf"^(?:(?:y|pero|bueno|que),? )?mi (?:\w+ )?({_KIN})\b(?!.*\b(?:yo|me|mí|conmigo)\b)", _I),
    addition=re.compile(
        r"[,;:(]|\b(?:que|quien|donde|cuando|mientras|como|despu[eé]s|antes|porque|desde|aunque|hasta|si|y|e|o|pero|debido"
        r"|tras|sino|para)\b",
        _I,
    ),
    joint=re.compile(r"[,;:(]|\b(?:y|que|donde|porque|con)\b", _I),
    interprets=phrases(
        r"trastornos?|sindrome|configur\w+|sugiere\w*|compatible|indica\w*|episodios?|diagnos\w+|sintoma\w*|cuadro|rasgos?"
    ),
    side_clause=re.compile(r"\b(?:quien|donde|cuyo|cuya|como)\b[^,;:]*|, que\b[^,;:]*", _I),
    circumstance=re.compile(r"\b(?:con|sin|en|por|para|desde|durante|al|tras)\b", _I),
    speaker=re.compile(
        r"\b(?:(terapeuta|psic[oó]log[oa])|(paciente|consultante|ella|dijo|dijiste|dices|comentaste|refiere|refiri[oó]))\b",
        _I,
    ),
    speaks_of=re.compile(
        r"\b(?:puntuo|valoro|responder|contestar|decir|repetir|llama|llamo|(?:frase|creencia|palabra|idea|pregunta)(?: fue| es| de)?)$"
    ),
    asks=re.compile(rf"{_START}(?:{_OPEN_WORDS})\b"),
    asks_you=re.compile(r"(?!)"),
    asks_of_a_thing=re.compile(r"^(?:es|fue|esta|era) (?:el|la|tu|su|ese|esa|eso)\b"),
    asks_openly=re.compile(rf"{_START}(?:{_OPEN_WORDS})\b"),
    sets=phrases(_SETS),
    accepts=phrases(r"""
        si|vale|ok|okay|bueno|claro|de acuerdo|dale|listo|perfecto|esta bien|me parece( bien)?|lo (intento|hago|intentare|pruebo)
        puedo|sale|orale|va|por supuesto|trato hecho|esta perfecto|buena idea|supongo
    """),
    polite=phrases(r"(te|le|os) gustaria|podrias|querrias|podria usted"),
    means_to=phrases(r"voy a|vamos a|quiero|pienso|planeo|(intentare|hare|llamare|dire|hablare|tratare)"),
    yes=phrases(
        r"si|claro|exacto|exactamente|asi es|eso es|correcto|cierto|por supuesto|aja|efectivamente|tal cual|la verdad que si"
    ),
    no=phrases(
        r"no|nunca|jamas|nada|nadie|ninguno|ninguna|para nada|todavia no|aun no|en absoluto|tampoco|eso no|que va|ya no|ni una"
    ),
    grades_risk=phrases(r"""
        riesgo (\w+ ){0,4}(bajo|minimo|nulo|medio|moderado|alto|elevado|ausente|inexistente|leve)
        (bajo|minimo|nulo|escaso|alto|elevado|ningun|inminente|poco|mayor|sin) (\w+ ){0,2}riesgo
        no (\w+ ){0,4}(riesgo|peligro)|sin (\w+ ){0,2}(peligro|riesgo)|fuera de peligro
        (esta|se encuentra|permanece|estas) (\w+ ){0,2}(a salvo|segur[oa])
        (puede|puedes) (\w+ ){0,2}(con|de forma) segur\w+
    """),
    safe=phrases(r"a salvo|segura de si mism|fuera de peligro"),
    denies=phrases(_DENY),
    absent=phrases(rf"""
        (no|ni|nunca|sin|tampoco|ningun|ninguna|ausencia de|descarta\w*) (\w+ ){{0,6}}({_RISK.strip().replace(chr(10), "|").replace("    ", "")})
        sin (\w+ ){{0,2}}(ideacion|intencion|planes?|pensamientos|antecedentes|indicios)
        no (presenta|hay|existen?|tiene|aprecia\w*|refiere|expresa) (\w+ ){{0,3}}(ideacion|indicios|antecedentes|intencion\w*)
    """),
    risk=phrases(_RISK),
    limits=phrases(r"pero|aunque|salvo|excepto|sin embargo"),
    hedges=phrases(r"""
        pero|quizas?|tal vez|a veces|no realmente|supongo|creo|ahora mismo|ultimamente|excepto|aunque|solo|antes|hace (mucho|\w+ anos)
        no exactamente|depende|no (hoy|siempre|mucho|tanto)|casi|una vez|alguna vez|ya no|por ahora|por el momento
    """),
    presumes=phrases(r"(primera|ultima|unica) vez|todavia|aun|sigues|sigue"),
    assigns=phrases(_SETS),
    commits=phrases(_COMMITS),
    told=phrases(r"""
        (debes?|deberias?|debe|deberia|tienes que|tiene que|tenes que|hay que|has de|ha de|conviene( que)?)
        (puedes?|podes|podrias?|podria) (\w+ )?(dejar|volver|empezar|tomar|beber|saltar\w*|suspender|aumentar|reducir|duplicar)
        (se (te|le) )?(recomienda|aconseja|indica|recomendo|aconsejo|indico|pide|pidio)( \w+)? ?(que|no)?
        (es|seria) (mejor|importante|bueno|recomendable|conveniente|necesario|hora de)|no hace falta que|asegurate|recuerda
        acuerdate|no olvides|procura|evita|por favor \w+|te (recomiendo|aconsejo|sugiero)
    """),
    prescribes=phrases(
        r"^(el |la |su )?(dra?|doctora?|medic[oa]|psiquiatra|enfermer[oa]|farmaceutic[oa]|cardiolog[oa])"
    ),
    welcomes=phrases(r"^(bien|muy bien|genial|estupendo|perfecto|excelente|hazlo|hacelo|me parece|buena idea)"),
    own_view=phrases(
        r"(cree|creia|piensa|pensaba|siente|sentia|dice|dijo|sabe|sabia|refiere|teme) (\w+ )?que (\w+ )?(debe\w*|tiene|tenia|hay)( que)?"
    ),
    treatment=phrases(
        r"medicacion|medicamentos?|medicinas?|pastillas?|comprimidos?|dosis|receta|tratamiento|terapia|antidepresivos?|insulina|ansioliticos?"
    ),
    changes=phrases(
        r"dej\w+|saltar\w*|salt[ae]\w*|suspend\w+|interrump\w+|dobl\w+|duplic\w+|aument\w+|sub\w+|reduc\w+|reduz\w+|baj\w+|cambi\w+|empe\w+|vuelv\w+"
        r"|volver|retir\w+|tom\w+|quit\w+|tir\w+"
    ),
    imperatives=words.IMPERATIVES,
    told_to_patient=words.TOLD_TO_PATIENT,
    openings=frozenset(
        ["por", "favor", "tambien", "luego", "simplemente", "siempre", "nunca", "hoy", "ahora", "y", "no", "asi"]
    ),
    after_a_noun=frozenset(["es", "era", "fue", "son", "esta", "estaba", "de", "del", "que", "y", "se"]),
    needs=phrases(r"(necesito|tengo que|debo|deberia|tendria que|hay que)"),
    names_patient=phrases(_PATIENT.replace("(?:", "(") + r"|ella|el|refiere|considera|cree|siente"),
    first_person=phrases(r"yo|me|mi|mis|voy|conmigo|quiero|\w+are|\w+ere"),
    moods=compiled(
        {
            "low": r"mal|triste\w*|deprimid\w+|bajon\w*|hundid\w+|fatal|horrible|terrible|peor|agotad\w+|vaci\w+|llor\w+|desanimad\w+|agobiad\w+|ansios\w+|angustiad\w+|sola|decaid\w+|abrumad\w+|desesper\w+",
            "neutral": r"regular|normal|asi asi|mas o menos|ni bien ni mal|neutr\w+|tirando|igual",
            "positive": r"bien|mejor|content[oa]|feliz|alegre|tranquil[oa]|genial|ilusionad\w+|orgullos[oa]|aliviad[oa]|esperanzad\w+|calmad\w+",
        }
    ),
    trajectories=compiled(
        {
            "improving": r"mejor\w*|mas (facil|tranquil\w+|calmad\w+|content\w+)|menos (ansios\w+|triste|nervios\w+|angusti\w+|miedo)",
            "declining": r"peor|empeor\w+|mas (ansios\w+|triste|nervios\w+|angusti\w+|dificil|miedo)|cada vez mas mal",
            "stable": r"igual|lo mismo|estable|sin cambios|como siempre|sigo igual",
            "fluctuating": r"altibajos|sube y baja|subidas y bajadas|dias (buenos|mejores)|por dias|a ratos|va y viene|hay dias",
        }
    ),
    strong=phrases(
        r"muy|muchisimo|super|fatal|horrible|terrible|pesimo|completamente|totalmente|nunca|genial|maravillos\w+|tan|insoportable"
    ),
    statuses=compiled(
        {
            "reviewed": r"como (te|le) (fue|ha ido) con|la semana pasada|pudiste|has podido|lo (hice|practique|intente|he hecho)|practique|probe",
            "assigned": r"tarea|deberes|esta semana|para la proxima|te propongo|le propongo|cada (noche|dia|manana)|todas las noches|todos los dias|en casa|apunta\w*|anot[ae]\w*",
            "practiced": r"vamos a (practicar|hacer|probar|ensayar|respirar)|ahora mismo|cierra los ojos|cierre los ojos|inhala|exhala|respira\w*|conmigo",
            "introduced": r"se llama|(una|la) (tecnica|herramienta|estrategia)|un ejercicio|te (quiero )?(muestro|enseno|explico|ensenar|mostrar)|que tal si",
        }
    ),
    intensities=compiled(
        {
            "severe": r"insoportable|horrible|terrible|panico|aterrorizad\w+|lo peor|no puedo (respirar|mas)|fatal|desbordad\w+",
            "moderate": r"muy|bastante|mucho|mucha|tan",
            "mild": r"un poco|un poquito|algo|ligeramente|apenas|leve\w*",
        }
    ),
)
