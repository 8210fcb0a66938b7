"""Skills of dialectical behaviour therapy."""

from sessions_app.pipeline.lexicon.techniques.entry import EvidenceLevel, TechniqueEntry

_DBT = "Dialectical behaviour therapy"
_IN_DBT = EvidenceLevel("component", "NICE CG78 (2009), borderline personality disorder: DBT")

EMOTION = (
    TechniqueEntry(
        "Opposite action",
        _DBT,
        "emotion regulation",
        "Acting against the urge of an emotion when the emotion does not fit the facts.",
        ("opposite to emotion action",),
        r"opposite action|opposite to (?:the|your|my) (?:urge|emotion)",
        _IN_DBT,
    ),
    TechniqueEntry(
        "Checking the facts",
        _DBT,
        "emotion regulation",
        "Asking whether an emotion and its strength fit what really happened.",
        ("check the facts",),
        r"(?:lets|to|you|i|we|the skill is|called|did) (?:check|checked) the facts(?! (?:in|of|for) the)"
        r"|check the facts skill"
        r"|checking the facts",
        _IN_DBT,
    ),
    TechniqueEntry(
        "Distress tolerance",
        _DBT,
        "distress tolerance",
        "Getting through a crisis without making it worse.",
        ("distress tolerance skills", "stop skill", "self-soothing", "crisis survival skills"),
        r"distress tolerance|(?:the |dbt )?stop skill|crisis survival (?:skills?|kit)"
        r"|self sooth(?:e|ing)(?: (?:kit|box|skills?|with))|soothing (?:kit|box)",
        _IN_DBT,
    ),
    TechniqueEntry(
        "Radical acceptance",
        _DBT,
        "distress tolerance",
        "Acknowledging fully what cannot be changed.",
        ("radically accept",),
        r"radical(?:ly)? accept(?:ance|ing|ed)?",
        _IN_DBT,
    ),
    TechniqueEntry(
        "TIPP skills",
        _DBT,
        "distress tolerance",
        "Lowering arousal with cold, exertion, paced breathing and paired muscle relaxation.",
        ("tipp", "tip skills"),
        r"tipp(?: skills?)?|tip skills?",
        _IN_DBT,
    ),
    TechniqueEntry(
        "Wise mind",
        _DBT,
        "mindfulness",
        "Finding the answer in which reason and feeling meet.",
        ("emotion mind and reasonable mind",),
        r"wise mind|(?:emotion(?:al)?|reasonable) mind",
        _IN_DBT,
    ),
    TechniqueEntry(
        "DEAR MAN",
        _DBT,
        "skills",
        "A sequence for asking for something or saying no.",
        ("dear man skill", "interpersonal effectiveness"),
        r"(?:a|the|your|my|use|used|using|do|did|with|our|try) dear man|dear man (?:skill|script|sheet|worksheet)"
        r"|interpersonal effectiveness",
        _IN_DBT,
    ),
    TechniqueEntry(
        "Chain analysis",
        _DBT,
        "self-monitoring",
        "Going through the links that led to a behaviour, to find where it could be broken.",
        ("behavioural chain analysis", "functional analysis"),
        r"(?<!supply )(?<!value )chain analysis|functional analysis of|links? in the chain",
        _IN_DBT,
    ),
    TechniqueEntry(
        "Diary card",
        _DBT,
        "self-monitoring",
        "A daily record of urges, emotions and skills.",
        ("dbt diary card",),
        r"diary cards?",
        _IN_DBT,
    ),
    TechniqueEntry(
        "Urge surfing",
        "Mindfulness-based relapse prevention",
        "distress tolerance",
        "Watching an urge rise and fall like a wave without acting on it.",
        ("surfing the urge",),
        r"urge surf(?:ing|ed)?"
        r"|(?:surf|surfed|surfing|ride out|rode out|riding out) (?:the|that|an|my|your|this) (?:urge|craving)s?",
    ),
)
