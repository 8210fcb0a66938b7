"""English."""

import re

from sessions_app.pipeline.lexicon.assignments import ACCEPTED, BETWEEN_SESSIONS, PROPOSALS
from sessions_app.pipeline.lexicon.cues import ASSIGNMENT, COMMITMENT, INTENSITY, STRATEGY_STATUS, SUGGESTION
from sessions_app.pipeline.lexicon.drugs import DRUGS
from sessions_app.pipeline.lexicon.glue import (
    DIFFICULTY,
    FEARING,
    GLUE,
    INTENDED,
    KIN,
    NEGATORS,
    SCOPE_ENDS,
    TELLTALE,
    UNREAL,
    WHEN,
)
from sessions_app.pipeline.lexicon.imperatives import IMPERATIVES
from sessions_app.pipeline.lexicon.languages.language import Language
from sessions_app.pipeline.lexicon.measures import ENGLISH_AMOUNTS, ENGLISH_MEASURES
from sessions_app.pipeline.lexicon.moods import MOODS, STRONG, TRAJECTORIES
from sessions_app.pipeline.lexicon.subjects import ENGLISH_SUBJECTS
from sessions_app.pipeline.lexicon.synonyms import PHRASES
from sessions_app.pipeline.text.matching import phrases
from sessions_app.pipeline.text.mentions import compiled

# "I don't think I slept": the negation is of what follows.
_RAISING = frozenset({"think", "believe", "know", "feel", "guess", "sure", "say", "suppose"})
_NEW_SUBJECT = frozenset({"i"})
_BEFORE_A_STOP_TEXT = "the a next last first each every this that one two three four five bus tram train"
_BEFORE_A_STOP = frozenset(_BEFORE_A_STOP_TEXT.split())
_AT_A_STOP = re.compile(r"\b(?:at|on|to|from|off|past|until) (?:the|a|my|our) \w+$")
_OPENS_CLAUSE_TEXT = "one i you he she it we they a an the his her their my this that then now instead is are was"
_OPENS_CLAUSE = frozenset(_OPENS_CLAUSE_TEXT.split())
_LATE_NO = frozenset({"not", "no", "none", "never"})
# May stand inside a phrase: "put it off", "lost my temper".
_INSERTS_TEXT = "it him her them me us you this that these those my your his their our a an the"
_INSERTS = frozenset(_INSERTS_TEXT.split())
_PEOPLE = r"(?:the |this )?(?:patient|client|therapist|counsell?or|clinician)"
_CLAUSE = re.compile(rf"(?:,|;)?\s+(?:and|while|but|whereas)\s+(?={_PEOPLE}\b)|;\s+|,?\s+but\s+", re.IGNORECASE)
_OF_THERAPIST = re.compile(
    r"^(?:in response,? |then )?(?:the |this |your )?(?:therapist|counsell?or|clinician|psychologist)\b(?!'s)"
    r"|\b(?:by|from) the (?:therapist|counsell?or)\b",
    re.IGNORECASE,
)
_OF_PATIENT = re.compile(
    r"^(?:the |this )?(?:patient|client)\b|^(?:you|your|she|he|they|her|his|their)\b|\bby the (?:patient|client)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"^(?:she|he|they|her|his|their)\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"^about [^:]+, (?:you|this was|the (?:patient|therapist)) said"
    r"|^(?:the (?:session|patient|client|therapist|conversation)|they|you|we|both|themes?|topics?|techniques?|these)\b"
    r"(?: \w+)? ?(?:touched (?:up)?on|spoke (?:about|of)|talked about|discussed|explored|focused on|addressed|covered"
    r"|mentioned|named these feelings|feelings were named|techniques came up|that were mentioned|included?|came up)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"^(?:when |on being |having been )?asked (?:\w+ly )?(?:about|whether|if|how|what|why|who|when|for) ([^,]+),\s*",
    re.I,
)
_CLAIMING = re.compile(r"\b(?:that|how|is|are|was|were|has|have|had|not|never|no)\b", re.IGNORECASE)
_OTHER_SUBJECT = re.compile(rf"^(?:\w+ )?my (?:\w+ )?({'|'.join(KIN.split())})\b(?!'s)(?!.*\bI\b)", re.IGNORECASE)
_THOUGHT = re.compile(r"\b(?:thought|think|expect(?:ed)?|going to|gonna|scared|might|what if|worse)\b")
# Where an addition would begin: "who lives abroad", "as his father taught him", "at the clinic".
_ADDITION = re.compile(
    r"[,;:(]|\b(?:who|whom|whose|which|where|when|while|as|after|before|because|since|although|though|until|if|and|or|but"
    r"|due to|despite|than)\b",
    re.IGNORECASE,
)
_JOINT = re.compile(r"[,;:(]|\b(?:and|who|whom|whose|which|where|while|after|because|with)\b", re.IGNORECASE)
_INTERPRETS = phrases(r"""
    criteria|disorder|syndrome|diagnos\w*|indicat(es?|ive|ing)|suggest(s|ive)|points? to|consistent with|in keeping with
    amounts? to|symptoms?|symptomatic|traits?|attachment|style|episodes?|complex
""")
_SIDE_CLAUSE = re.compile(r"\b(?:who|whom|whose|which|where|as)\b[^,;:]*", re.IGNORECASE)
_CIRCUMSTANCE = re.compile(r"\b(?:with|without|at|in|on|by|for|from|during|of)\b", re.IGNORECASE)
_SPEAKS_OF = re.compile(
    r"\b(?:rat(?:ed|es|ing)|scor(?:ed|es|ing)|answering|replying|saying|repeating|called|calls|calling"
    r"|(?:phrase|sentence|words?|belief|thought|statement|idea|line|answer|question)(?: was| is| of)?)$"
)
_START = r"^(?:and |so |but |ok |okay |well )?"
_OPEN_WORDS = "what|how|why|when|where|who|which"
_ASKS = re.compile(rf"{_START}(?:do|did|does|are|is|was|were|have|has|had|can|could|would|will|any|{_OPEN_WORDS})\b")
_ASKS_YOU = re.compile(r"\b(?:were|are|did|do|have|can|could|would|will) you\b")
_OF_A_THING = re.compile(r"^(?:does|is|has|did|are|was|were|do) (?:the|your|it|he|she|that|this|they)\b")
_OPEN = re.compile(rf"{_START}(?:{_OPEN_WORDS})\b")
_SETS = phrases(ASSIGNMENT.rstrip() + SUGGESTION.rstrip() + PROPOSALS)
_ACCEPTED = phrases(ACCEPTED)
_POLITE = phrases(r"(would|could|might) (you|like|love|want|be willing)")
_MEANS_TO = phrases(
    r"i will|ill|im (going to|gonna)|were (going to|gonna)|i am going to|we will|i (plan|intend|want|hope) to"
)
_YES = phrases(r"""
    (yes|yeah|yep|yup|exactly|right|correct|definitely|absolutely|sure|certainly|of course|mm hm|mhm|uh huh|true|okay)
    (i|we|it|she|he|they) (do|did|have|has|had|am|is|was|were|would|will|can)
    (thats|that is) (right|true|it)
    i (think|guess|suppose) so
""")
_NO = phrases(r"""
    (no|nope|never|none|nothing|nobody|nowhere|nah|not at all|absolutely not|definitely not|not once|not ever)
    (i|we|it|she|he|they) (dont|didnt|havent|hasnt|hadnt|am not|isnt|wasnt|wont|cant|couldnt|wouldnt|never)
    im not|not (yet|really|now|lately|this|any)
""")
_LEVEL = phrases(r"""
    (low|lower|no|minimal|little|zero|negligible|absent|medium|moderate|high|elevated|acute|any) (\w+ ){0,3}risk
    (without|imminent) (\w+ ){0,3}risk
    risk (level )?(is|was|remains|appears|seems|rated|deemed|judged) (\w+ ){0,2}(low|minimal|absent|none|not)
    (not|isnt|never) (\w+ ){0,3}(risk|danger|dangerous)
    no (\w+ ){0,2}(danger|safety concerns?|threat)
    (patient|client|she|he|you|they|and) (is|are|was|were|remains?|appears?|seems?|stays?|looks?) (\w+ ){0,2}safe
    (deemed|considered|judged|assessed|found) (as |to be )?(\w+ )?safe
    (can|could|may) safely|safe (to|for) (\w+ )?(go|leave|return|discharge|be|stay)
    safety (is|was) (not a concern|assured|established|confirmed)|contracts? for safety
""")
_SAFE = phrases(r"safe|safety is")
_DENIES = phrases(r"deny|denies|denied|denying")
_HURTS = (
    r"(harm|hurt)\w* (\w+ ){0,2}(self|(him|her|them|my|your)sel(f|ves)|others?|anyone|anybody|someone|him|her|them)"
)
_ABSENT = phrases(
    r"""
    no (\w+ ){0,3}(thoughts?|plans?|intent(ion|ions)?|ideation|urges?|history|evidence|signs?|indications?|desire|wish)
    (absence|lack) of|free of|without (\w+ ){0,2}(thoughts?|plans?|intent|ideation|urges?)|negative for|ruled out
    (not|never|isnt|hasnt|havent) (\w+ ){0,4}(suicid\w*|homicid\w*|self harm\w*|kill\w*|die|dying|_HURTS)
    (not|never|isnt|hasnt|havent) (\w+ ){0,4}(overdos\w*|violen\w*|abus\w*)
    (none|neither|nor|nothing|nobody|no|not) (\w+ ){0,5}(suicid\w*|homicid\w*|self harm\w*|overdos\w*|violen\w*)
""".replace("_HURTS", _HURTS)
)
_RISK = phrases(
    r"""
    suicid\w*|homicid\w*|self harm\w*|_HURTS|kill\w*|die|dying|dead|death|ideation|overdos\w*|violen\w*
    abus\w*|weapons?|guns?
    (end|ending|take|taking) (my|your|her|his|their) (own )?life|intent(ion|ions)?|not (be|being) (here|alive)|cutting
""".replace("_HURTS", _HURTS)
)
_HEDGE = phrases(r"""
    but|maybe|sometimes|not really|i guess|i suppose|i think|at the moment|right now|lately|any ?more|except
    although|only|used to|almost
    once|twice|(three|four|several|many|few) times|before|ago|since|last (week|month|year|time|night)
    not exactly|not quite|hard to say|depends|most(ly)?|not (today|this week|often|always)|sort of|kind of
""")
_LIMITS = phrases(r"but|although|though|except|however|apart from")
# "Is that the first time?": a no to it is a yes.
_PRESUMES = phrases(r"(first|last|only) time|ever (stopped|quit)|still")
_ASSIGNED = phrases(ASSIGNMENT.rstrip() + SUGGESTION.rstrip() + PROPOSALS.rstrip() + BETWEEN_SESSIONS)
_COMMITTED = phrases(COMMITMENT)
_TOLD = phrases(r"""
    (you|patient|client|she|he|they) (\w+ )?(should|must|needs? to|ha(ve|s) to|ought to|had better|are to|is to)
    (are|is|was|were) (\w+ )?(advised|told|instructed|encouraged|asked|recommended|urged|directed) to
    you (can|could|may|might) (now |also |just )?(stop|skip|start|try|take|drink|leave|ignore|quit|double|reduce)
    (it is|its) (\w+ )?(recommended|advised|best|important|better|time|okay|ok|fine|safe) (that you|for you|to|if you)
    make sure|be sure to|remember to|dont forget|(we|i) (recommend|advise|suggest|urge)|recommendations? (is|are)
    please \w+|feel free to|no need to|theres no need
""")
_OWN_VIEW = phrases(
    r"(feels?|felt|thinks?|thought|believes?|believed|said|says|worr\w+|knows?|knew|wonder\w*) "
    r"(that )?(she|he|they|you) (\w+ )?(should|must|needs?|ought|ha(s|d|ve) to)"
)
_PRESCRIBES = phrases(
    r"^(the |her |his |their )?(dr|doctor|gp|psychiatrist|nurse|pharmacist|surgeon|consultant|health visitor)"
)
_WELCOMES = phrases(
    r"^(good|great|lovely|excellent|perfect|wonderful|brilliant|please do|do that|that sounds|sounds|thats a)"
)
_TREATMENT = phrases(
    r"(medication|medicine|meds|pills?|tablets?|dose|dosage|prescription|treatment|therapy|antidepressants?|insulin)"
)
_CHANGES = phrases(r"""
    stop(ping)?|skip(ping)?|quit|doubl(e|ing)|increas(e|ing)|reduc(e|ing)|halve|chang(e|ing)|(re)?start(ing)?|taper|cut
    come off|go(ing)? back (on|to)|throw|flush|tak(e|ing)|resum(e|ing)|discontinu(e|ing)|lower(ing)?|rais(e|ing)
    switch(ing)?
""")
_OPENINGS = frozenset(
    ["please", "also", "then", "just", "simply", "always", "never", "instead", "today", "now", "and", "so"]
)
# After these, the verb before was a noun: "sleep is", "work and".
_AFTER_A_NOUN_TEXT = """
is was are were has have had been remains remained continues continued and or of in at appears improved
seems feels felt that which as problems stress quality pressure issues related difficulties diary record can
could may might will
"""
_AFTER_A_NOUN = frozenset(_AFTER_A_NOUN_TEXT.split())
_NEED = phrases(r"i (\w+ )?(need|have to|must|should|ought to|had to|gotta|got to)")
_NAMES_PATIENT = phrases(r"patient|client|she|he|they|the (patient|client)")
_FIRST_PERSON = phrases(r"i|ill|im|id|ive|we|well|my|me")
_SPEAKER = re.compile(r"\b(?:(therapist|counsell?or|clinician|psychologist)|(patient|client|you|she|he|they))\b", re.I)


ENGLISH = Language(
    code="en",
    stemmer="english",
    thesaurus="thesaurus",
    inserts=_INSERTS,
    phrases=PHRASES,
    glue=GLUE,
    drugs=DRUGS,
    negators=NEGATORS,
    only=frozenset({"only", "just"}),
    late_no=_LATE_NO,
    nearly=frozenset({"almost", "nearly"}),
    all_of_it=frozenset(["all", "every", "always", "everything", "everyone", "daily", "nightly", "morning", "half"]),
    scope_ends=SCOPE_ENDS,
    joins=frozenset({"and"}),
    opens_clause=_OPENS_CLAUSE,
    new_subject=_NEW_SUBJECT,
    raising=_RAISING,
    stops=frozenset({"stop", "stops"}),
    before_a_stop=_BEFORE_A_STOP,
    at_a_stop=_AT_A_STOP,
    difficulty=DIFFICULTY,
    difficulty_links=frozenset({"to", "with", "in"}),
    hindered=re.compile(r"to \w+|\S+ \w*ing"),
    measures=ENGLISH_MEASURES,
    amounts=ENGLISH_AMOUNTS,
    intended=INTENDED,
    unreal=UNREAL,
    fearing=frozenset(FEARING.split()),
    thought=_THOUGHT,
    kin=KIN,
    subjects=ENGLISH_SUBJECTS,
    bystanders=KIN + WHEN,
    telltale=TELLTALE,
    clause_break=_CLAUSE,
    of_therapist=_OF_THERAPIST,
    of_patient=_OF_PATIENT,
    pronoun=_PRONOUN,
    about=_ABOUT,
    asked=_ASKED,
    claiming=_CLAIMING,
    other_subject=_OTHER_SUBJECT,
    addition=_ADDITION,
    joint=_JOINT,
    interprets=_INTERPRETS,
    side_clause=_SIDE_CLAUSE,
    circumstance=_CIRCUMSTANCE,
    speaker=_SPEAKER,
    speaks_of=_SPEAKS_OF,
    asks=_ASKS,
    asks_you=_ASKS_YOU,
    asks_of_a_thing=_OF_A_THING,
    asks_openly=_OPEN,
    sets=_SETS,
    accepts=_ACCEPTED,
    polite=_POLITE,
    means_to=_MEANS_TO,
    yes=_YES,
    no=_NO,
    grades_risk=_LEVEL,
    safe=_SAFE,
    denies=_DENIES,
    absent=_ABSENT,
    risk=_RISK,
    limits=_LIMITS,
    hedges=_HEDGE,
    presumes=_PRESUMES,
    assigns=_ASSIGNED,
    commits=_COMMITTED,
    told=_TOLD,
    prescribes=_PRESCRIBES,
    welcomes=_WELCOMES,
    own_view=_OWN_VIEW,
    treatment=_TREATMENT,
    changes=_CHANGES,
    imperatives=IMPERATIVES,
    openings=_OPENINGS,
    after_a_noun=_AFTER_A_NOUN,
    needs=_NEED,
    names_patient=_NAMES_PATIENT,
    first_person=_FIRST_PERSON,
    moods=compiled(MOODS),
    trajectories=compiled(TRAJECTORIES),
    strong=phrases(STRONG),
    statuses=compiled(STRATEGY_STATUS),
    intensities=compiled(INTENSITY),
)
