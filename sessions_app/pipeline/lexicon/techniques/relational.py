"""Techniques for relationships, and those of psychodynamic and family therapy."""

from sessions_app.pipeline.lexicon.techniques.entry import EvidenceLevel, TechniqueEntry

RELATIONAL = (
    TechniqueEntry(
        "Speaker-listener technique",
        "Couple therapy",
        "relationship",
        "One speaks, the other repeats what was heard, then they change.",
        ("active listening exercise", "mirroring exercise"),
        r"speaker listener(?: technique| exercise)?|active listening (?:exercise|practice)|imago dialogue"
        r"|mirroring exercise",
    ),
    TechniqueEntry(
        "Time-out",
        "Couple therapy",
        "relationship",
        "An agreed break in a quarrel, with an agreed time to come back.",
        ("timeout", "time out"),
        r"time out (?:exercise|rule|technique)|"
        r"(?:call|calls|called|take|takes|took|taking|use|used|ask for|agree on|agreed on) (?:a|the) "
        r"(?:time ?out|timeout)(?! (?:in the|from work|from school|during the))",
    ),
    TechniqueEntry(
        "Communication analysis",
        "Interpersonal psychotherapy",
        "relationship",
        "Going through a conversation step by step to find where it went astray.",
        ("interpersonal inventory",),
        r"communication analysis|interpersonal (?:inventory|circle|psychotherapy)|closeness circle",
        EvidenceLevel("component", "NICE NG222 (2022), depression: IPT"),
    ),
    TechniqueEntry(
        "Genogram",
        "Family therapy",
        "relationship",
        "A drawing of the family over three generations, with its ties and patterns.",
        ("family genogram",),
        r"genograms?",
    ),
    TechniqueEntry(
        "Circular questioning",
        "Family therapy",
        "relationship",
        "Asking one person about the relationship of two others.",
        ("circular questions",),
        r"circular question(?:s|ing)",
    ),
    TechniqueEntry(
        "Transference work",
        "Psychodynamic therapy",
        "psychodynamic",
        "Exploring feelings towards the therapist that belong to earlier relationships.",
        ("transference interpretation", "transference"),
        r"(?:counter ?)?transference",
        EvidenceLevel("component", "NICE NG222 (2022), depression: short-term psychodynamic psychotherapy"),
    ),
    TechniqueEntry(
        "Free association",
        "Psychodynamic therapy",
        "psychodynamic",
        "Saying whatever comes to mind.",
        ("free associate",),
        r"(?<!a )free association(?! of)|free associat(?:e|ing)|whatever comes to (?:your )?mind",
    ),
    TechniqueEntry(
        "Dream work",
        "Psychodynamic therapy",
        "psychodynamic",
        "Exploring what a dream's pictures mean to the dreamer.",
        ("dream analysis", "dream interpretation"),
        r"dream (?:work|analysis|interpretation)",
    ),
)
