"""Techniques of mindfulness, acceptance and compassion."""

from sessions_app.pipeline.lexicon.techniques.entry import EvidenceLevel, TechniqueEntry

_ACT = "Acceptance and commitment therapy"
_IN_ACT = EvidenceLevel("component", "NICE NG193 (2021), chronic primary pain: ACT")

MINDFUL = (
    TechniqueEntry(
        "Mindfulness",
        "Mindfulness-based therapy",
        "mindfulness",
        "Attending to present experience on purpose and without judging it.",
        ("mindfulness meditation", "meditation"),
        r"mindfulness|mindful (?:breathing|eating|walking|minute|moment|movement)"
        r"|meditat(?:e|ed|ing|ions?)(?! (?:cushion|music|centre|center|room))"
        r"|notice (?:the|your) (?:thoughts?|feelings?|breath) (?:without|come and go|as they)",
        EvidenceLevel("recommended", "NICE NG222 (2022), less severe depression: group mindfulness"),
    ),
    TechniqueEntry(
        "Body scan",
        "Mindfulness-based therapy",
        "mindfulness",
        "Moving attention through the body part by part.",
        ("body scan meditation",),
        r"body scan(?! (?:at|machine|result|came|showed|clinic|in the hospital|for the))",
    ),
    TechniqueEntry(
        "Cognitive defusion",
        _ACT,
        "acceptance",
        "Seeing thoughts as passing events rather than as facts.",
        ("defusion",),
        r"defus(?:ion|e from)|(?:im|i am|youre|notice that youre) having the thought that"
        r"|(?:put|place|placing) \w+ (?:\w+ )?on (?:the )?leaves"
        r"|leaves on (?:a|the) stream|passengers on the bus|thoughts (?:are not|arent) facts|thank your mind",
        _IN_ACT,
    ),
    TechniqueEntry(
        "Acceptance",
        _ACT,
        "acceptance",
        "Making room for unpleasant feelings instead of fighting them.",
        ("willingness", "expansion"),
        r"(?:make|making|makes) room for (?:the|that|this|your|my) (?:\w+ )?"
        r"(?:feelings?|anxiety|fear|pain|sadness|emotions?|anger|grief|discomfort|urges?)"
        r"|(?:acceptance|willingness) (?:exercise|practice|work)|struggle switch|tug of war with",
        _IN_ACT,
    ),
    TechniqueEntry(
        "Values clarification",
        _ACT,
        "acceptance",
        "Naming what matters to a person, as a compass for choices.",
        ("values work", "values card sort"),
        r"values (?:clarification|work|exercise|card sort|compass|list|worksheet)"
        r"|(?:what are|clarify|clarifying|think about|living by|in line with|toward|towards|close to) "
        r"(?:your|my) values",
        _IN_ACT,
    ),
    TechniqueEntry(
        "Committed action",
        _ACT,
        "behavioural",
        "A concrete step in the direction of a value, also with discomfort on board.",
        ("valued action",),
        r"committed action|valued? (?:based )?action"
        r"|(?:step|action) (?:toward|towards|in the direction of) (?:that|your|this|my) values?",
        _IN_ACT,
    ),
    TechniqueEntry(
        "Self-compassion exercise",
        "Compassion-focused therapy",
        "compassion",
        "Answering self-criticism with the kindness one would offer a friend.",
        ("self-compassion", "compassionate letter", "compassionate self"),
        r"self compassion\w*|compassionate (?:letter|voice|self|image|mind|touch)|(?:soothing touch|loving kindness)"
        r"|(?:be|being) kind(?:er)? to (?:yourself|myself)",
    ),
    TechniqueEntry(
        "Gratitude exercise",
        "Positive psychology",
        "self-monitoring",
        "Writing down regularly what went well or what one is grateful for.",
        ("three good things", "gratitude list"),
        r"gratitude (?:exercise|list|journal|diary|practice|log)"
        r"|(?:three|five|3) (?:good things|things (?:that )?(?:i|you|im|youre|i am|you are) (?:\w+ )?"
        r"(?:grateful|thankful))",
    ),
    TechniqueEntry(
        "Strengths exercise",
        "Positive psychology",
        "skills",
        "Naming one's strengths and using one of them in a new way.",
        ("signature strengths", "strengths survey"),
        r"(?:signature|character) strengths?|strengths? (?:exercise|survey|inventory|cards?|list)",
    ),
)
