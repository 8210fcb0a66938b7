"""The technique library: names and definitions for the notes, aliases, and patterns over folded text."""

from typing import NamedTuple


class TechniqueEntry(NamedTuple):
    """`pattern` is a regular expression over folded words (lower case, no apostrophes, single spaces)."""

    name: str
    modality: str
    category: str
    definition: str
    aliases: tuple[str, ...]
    pattern: str


TECHNIQUES = (
    TechniqueEntry(
        "Cognitive restructuring",
        "Cognitive behavioural therapy",
        "cognitive",
        "Noticing an automatic thought, weighing the evidence for and against it, and forming a more balanced one.",
        ("reframing", "thought challenging", "cognitive reframing"),
        r"cognitive restructuring|refram(?:e|es|ed|ing)|challeng(?:e|ing) (?:the|that|those|these|your|this) thoughts?"
        r"|evidence (?:for|against) (?:the|that|this|your) (?:thought|belief|idea)|balanced thoughts?",
    ),
    TechniqueEntry(
        "Thought record",
        "Cognitive behavioural therapy",
        "cognitive",
        "Writing down situation, thought, feeling and response to see how they hang together.",
        ("thought diary", "thought log"),
        r"thought (?:record|diary|log|journal)s?|write (?:down )?(?:your|the|those) thoughts(?: down)?",
    ),
    TechniqueEntry(
        "Behavioural activation",
        "Cognitive behavioural therapy",
        "behavioural",
        "Planning small valued or pleasant activities so that action can lift mood.",
        ("behavioral activation", "activity scheduling"),
        r"behaviou?ral activation|activity (?:schedule|scheduling|plan|planning)"
        r"|schedul\w+ (?:a |some )?pleasant activit\w+",
    ),
    TechniqueEntry(
        "Graded exposure",
        "Cognitive behavioural therapy",
        "behavioural",
        "Meeting a feared situation in planned steps until the fear settles.",
        ("exposure", "exposure therapy", "exposure hierarchy"),
        r"exposure (?:therapy|hierarchy|ladder|exercise|exercises|work|task)"
        r"|graded exposure|fear ladder|hierarchy of fears",
    ),
    TechniqueEntry(
        "Behavioural experiment",
        "Cognitive behavioural therapy",
        "behavioural",
        "Testing a prediction in real life and comparing what happens with what was expected.",
        ("behavioral experiment",),
        r"behaviou?ral experiments?|test (?:out )?(?:that|the|this|your) (?:prediction|belief|thought)",
    ),
    TechniqueEntry(
        "Problem solving",
        "Problem-solving therapy",
        "cognitive",
        "Defining one problem, listing options, choosing one step and reviewing how it went.",
        ("problem-solving", "structured problem solving"),
        r"problem solving|pros and cons|list (?:all )?(?:the |your )?options",
    ),
    TechniqueEntry(
        "Socratic questioning",
        "Cognitive behavioural therapy",
        "cognitive",
        "Guided questions that help a person examine a belief for themselves.",
        ("guided discovery",),
        r"socratic|guided discovery|what would you (?:say|tell) (?:to )?a friend",
    ),
    TechniqueEntry(
        "Breathing exercise",
        "Relaxation training",
        "relaxation",
        "Slow, paced breathing that lowers bodily arousal.",
        ("breathing exercises", "paced breathing", "box breathing", "diaphragmatic breathing", "deep breathing"),
        r"breathing (?:exercise|exercises|technique|techniques|practice)"
        r"|(?:box|deep|paced|slow|belly|square|diaphragmatic) breathing"
        r"|deep breaths?|breathe (?:in|out) (?:for|slowly|through)",
    ),
    TechniqueEntry(
        "Progressive muscle relaxation",
        "Relaxation training",
        "relaxation",
        "Tensing and releasing groups of muscles one after another.",
        ("muscle relaxation", "pmr"),
        r"(?:progressive )?muscle relaxation|(?:tense|tensing) and (?:release|releasing|relax)|body scan",
    ),
    TechniqueEntry(
        "Grounding",
        "Trauma-focused stabilisation",
        "relaxation",
        "Bringing attention back to the present through the senses or the body.",
        ("grounding exercise", "grounding technique", "5-4-3-2-1", "five senses"),
        r"grounding(?: exercises?| techniques?)?|(?:five|5) things (?:that )?you can see|feet on the (?:floor|ground)",
    ),
    TechniqueEntry(
        "Mindfulness",
        "Mindfulness-based therapy",
        "mindfulness",
        "Attending to present experience on purpose and without judging it.",
        ("mindfulness meditation", "meditation"),
        r"mindful(?:ness)?|meditat\w+|notice (?:the|your) (?:thoughts?|feelings?|breath)",
    ),
    TechniqueEntry(
        "Cognitive defusion",
        "Acceptance and commitment therapy",
        "acceptance",
        "Seeing thoughts as passing events rather than as facts.",
        ("defusion",),
        r"defusion|im having the thought that|leaves on (?:a|the) stream"
        r"|just a thought|thoughts (?:are not|arent) facts",
    ),
    TechniqueEntry(
        "Values clarification",
        "Acceptance and commitment therapy",
        "acceptance",
        "Naming what matters to a person, as a compass for choices.",
        ("values work",),
        r"values (?:clarification|work|exercise|card sort|compass)"
        r"|(?:what are|clarify|think about|living by) your values",
    ),
    TechniqueEntry(
        "Opposite action",
        "Dialectical behaviour therapy",
        "emotion regulation",
        "Acting against the urge of an emotion when the emotion does not fit the facts.",
        ("distress tolerance", "tipp", "wise mind"),
        r"opposite action|distress tolerance|wise mind|radical acceptance|tipp skills?|urge surfing",
    ),
    TechniqueEntry(
        "Bilateral stimulation",
        "EMDR",
        "trauma processing",
        "Alternating left-right stimulation while a memory is held in mind.",
        ("emdr", "eye movement desensitization and reprocessing"),
        r"emdr|bilateral (?:stimulation|tapping)|butterfly hug|eye movements",
    ),
    TechniqueEntry(
        "Sleep hygiene",
        "Cognitive behavioural therapy for insomnia",
        "behavioural",
        "Regular times and habits before bed that make sleep more likely.",
        ("sleep routine", "stimulus control", "sleep restriction"),
        r"sleep (?:hygiene|diary|schedule|routine|restriction)|stimulus control"
        r"|(?:bedtime|wind down|winding down) routine",
    ),
    TechniqueEntry(
        "Self-compassion exercise",
        "Compassion-focused therapy",
        "compassion",
        "Answering self-criticism with the kindness one would offer a friend.",
        ("self-compassion", "compassionate letter"),
        r"self compassion\w*|compassionate (?:letter|voice|self)|kind(?:er)? to yourself",
    ),
    TechniqueEntry(
        "Journaling",
        "Expressive writing",
        "self-monitoring",
        "Regular writing about thoughts, feelings or events.",
        ("diary", "mood diary", "gratitude journal"),
        r"journal(?:ing|ling)|(?:mood|gratitude) (?:diary|journal|log)"
        r"|(?:keep|keeping|write|writing) (?:a|in a|in your|your|in my|my) (?:journal|diary)",
    ),
)
