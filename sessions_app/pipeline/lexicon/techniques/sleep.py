"""Techniques for sleep."""

from sessions_app.pipeline.lexicon.techniques.entry import EvidenceLevel, TechniqueEntry

_CBTI = "Cognitive behavioural therapy for insomnia"
_NOT_A_BABY = r"(?! (?:for|of) (?:the|our|my|her|his) (?:baby|babies|newborn|toddler|kids?|children|son|daughter|dog))"

SLEEP = (
    TechniqueEntry(
        "Sleep hygiene",
        _CBTI,
        "behavioural",
        "Regular times and habits before bed that make sleep more likely.",
        ("sleep routine", "wind-down routine"),
        rf"sleep (?:hygiene|routine){_NOT_A_BABY}|(?:regular|fixed|consistent) (?:sleep schedule|bedtimes?)"
        r"|(?:bedtime|wind down|winding down) routine(?! (?:for|of|with) (?:the|our|my) "
        r"(?:baby|kids?|children|son|daughter))",
        EvidenceLevel("component", "AASM guideline (2021), insomnia: CBT-I"),
    ),
    TechniqueEntry(
        "Stimulus control",
        _CBTI,
        "behavioural",
        "Using the bed only for sleep, and getting up when sleep does not come.",
        ("stimulus control therapy",),
        r"stimulus control(?! for worry)|bed is (?:only|just) for sleep\w*"
        r"|get up (?:again )?(?:if|when) you cant (?:fall a)?sleep",
        EvidenceLevel("conditional", "AASM guideline (2021), insomnia"),
    ),
    TechniqueEntry(
        "Sleep restriction",
        _CBTI,
        "behavioural",
        "Shortening the time in bed to the time really slept, then lengthening it step by step.",
        ("sleep restriction therapy", "sleep window"),
        r"sleep (?:restriction|compression|window)",
        EvidenceLevel("conditional", "AASM guideline (2021), insomnia"),
    ),
    TechniqueEntry(
        "Sleep diary",
        _CBTI,
        "self-monitoring",
        "Writing down bedtimes, time asleep and time awake each morning.",
        ("sleep log",),
        r"sleep (?:diary|log|record)",
        EvidenceLevel("component", "AASM guideline (2021), insomnia: CBT-I"),
    ),
    TechniqueEntry(
        "Imagery rehearsal",
        "Imagery rehearsal therapy",
        "trauma processing",
        "Changing the course of a nightmare while awake and rehearsing the new one.",
        ("imagery rehearsal therapy", "nightmare rescripting"),
        r"imagery rehearsal"
        r"|(?:rewrite|rewrote|rewriting|new ending (?:for|to)) (?:the |your |my )?(?:\w+ of "
        r"(?:the|your|my) )?nightmares?",
        EvidenceLevel("recommended", "AASM position paper (2018), nightmares"),
    ),
)
