"""Techniques for trauma."""

from sessions_app.pipeline.lexicon.techniques.entry import EvidenceLevel, TechniqueEntry

TRAUMA = (
    TechniqueEntry(
        "Grounding",
        "Trauma-focused stabilisation",
        "relaxation",
        "Bringing attention back to the present through the senses or the body.",
        ("grounding exercise", "grounding technique", "5-4-3-2-1", "five senses"),
        r"grounding(?! (?:wire|cable|rod|system|of the (?:planes?|fleet|ship)))(?: exercises?| techniques?| skills?)?"
        r"|(?:five|5) things (?:that )?(?:you|i) (?:can )?see"
        r"|(?:five four three two one|5 4 3 2 1) (?:exercise|technique|method)?"
        r"|feel (?:your|both|my) feet on the (?:floor|ground)|feet (?:flat )?on the floor and",
    ),
    TechniqueEntry(
        "Bilateral stimulation",
        "EMDR",
        "trauma processing",
        "Alternating left-right stimulation while a memory is held in mind.",
        ("emdr", "eye movement desensitization and reprocessing"),
        r"emdr|bilateral (?:stimulation|tapping)|butterfly (?:hug|tapping)|sets? of eye movements"
        r"|follow my fingers? with your eyes",
        EvidenceLevel("recommended", "NICE NG116 (2018), post-traumatic stress disorder: EMDR"),
    ),
    TechniqueEntry(
        "Prolonged exposure",
        "Prolonged exposure",
        "trauma processing",
        "Telling the traumatic memory repeatedly and returning to avoided places.",
        ("prolonged exposure therapy",),
        r"prolonged exposure(?! to (?:the |uv |sun|noise|heat|cold|light|dust|radiation|screens?))",
        EvidenceLevel("recommended", "APA PTSD guideline (2017)"),
    ),
    TechniqueEntry(
        "Narrative exposure",
        "Narrative exposure therapy",
        "trauma processing",
        "Telling one's life along a line, with its good and its terrible moments.",
        ("narrative exposure therapy", "lifeline"),
        r"narrative exposure|trauma narrative|stones and flowers",
        EvidenceLevel("recommended", "NICE NG116 (2018), post-traumatic stress disorder"),
    ),
    TechniqueEntry(
        "Imagery rescripting",
        "Schema therapy",
        "trauma processing",
        "Entering a memory in imagination and changing what happens, so that needs are met.",
        ("rescripting",),
        r"(?:imagery )?rescript(?:ing|ed)",
    ),
    TechniqueEntry(
        "Container exercise",
        "Trauma-focused stabilisation",
        "relaxation",
        "Putting a memory into an imagined container until there is time for it.",
        ("container technique", "containment"),
        r"container (?:exercise|imagery|technique)"
        r"|(?:put|putting|lock|locked|leave|left) (?:it|that|them|the (?:memory|image|memories|images)|this)"
        r" (?:back )?in(?:to)? (?:the|your|my|a) (?:container|vault|safe)(?! at)",
    ),
    TechniqueEntry(
        "Window of tolerance",
        "Trauma-focused stabilisation",
        "education",
        "A picture of the range of arousal in which feeling and thinking are both possible.",
        ("window of tolerance model",),
        r"window of tolerance|(?:hyper|hypo) ?arousal zone",
    ),
)
