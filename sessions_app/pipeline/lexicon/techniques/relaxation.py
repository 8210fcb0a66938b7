"""Techniques that calm the body."""

from sessions_app.pipeline.lexicon.techniques.entry import EvidenceLevel, TechniqueEntry

_RELAXATION = "Relaxation training"

RELAXATION = (
    TechniqueEntry(
        "Breathing exercise",
        _RELAXATION,
        "relaxation",
        "Slow, paced breathing that lowers bodily arousal.",
        ("breathing exercises", "paced breathing", "box breathing", "diaphragmatic breathing", "deep breathing"),
        r"breathing (?:exercises?|techniques?|practi[sc]e|space|skills?)"
        r"|(?:box|deep|paced|slow|belly|abdominal|square|diaphragmatic|four seven eight|calm) breathing"
        r"|(?:take|took|taking) (?:a few|some|three|five|ten|several|slow) (?:slow |deep )*breaths"
        r"|practi[sc]\w+ (?:the |your |my )?breathing"
        r"|breathe (?:in|out) (?:for (?:\w+|a count)|slowly|through (?:your|the) nose)",
    ),
    TechniqueEntry(
        "Progressive muscle relaxation",
        _RELAXATION,
        "relaxation",
        "Tensing and releasing groups of muscles one after another.",
        ("muscle relaxation", "pmr"),
        r"(?:progressive )?muscle relaxation|pmr|(?:tense|tensing|tensed) and (?:release|releasing|released|relax)",
        EvidenceLevel("conditional", "AASM guideline (2021), insomnia: relaxation"),
    ),
    TechniqueEntry(
        "Applied relaxation",
        _RELAXATION,
        "relaxation",
        "Learning to relax at the first signs of anxiety, step by step and ever faster.",
        ("cue-controlled relaxation",),
        r"applied relaxation|cue controlled relaxation",
        EvidenceLevel("recommended", "NICE CG113 (2011), generalised anxiety"),
    ),
    TechniqueEntry(
        "Autogenic training",
        _RELAXATION,
        "relaxation",
        "Calming the body with formulas such as heaviness and warmth.",
        ("autogenics",),
        r"autogenic\w*",
    ),
    TechniqueEntry(
        "Guided imagery",
        _RELAXATION,
        "relaxation",
        "Imagining a scene with all senses, led by a voice.",
        ("visualisation", "visualization"),
        r"guided (?:imagery|visuali[sz]ation|fantasy)"
        r"|(?:a|the|this|our|that) visuali[sz]ation(?: exercise)?(?! of (?:the )?data)",
    ),
    TechniqueEntry(
        "Safe place imagery",
        "Trauma-focused stabilisation",
        "relaxation",
        "Going in the mind to a place where one feels safe and calm.",
        ("safe place", "calm place", "safe place exercise"),
        r"(?:safe|calm|peaceful) place (?:exercise|imagery|visuali[sz]ation|technique)"
        r"|(?:my|your|the inner) (?:inner )?(?:safe|calm) place"
        r"|(?:inner|imaginary) safe place",
    ),
    TechniqueEntry(
        "Biofeedback",
        _RELAXATION,
        "relaxation",
        "Making pulse, breath or muscle tension visible so that it can be influenced.",
        ("hrv biofeedback", "neurofeedback"),
        r"(?:bio|neuro) ?feedback",
    ),
)
