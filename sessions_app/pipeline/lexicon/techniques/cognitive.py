"""Techniques that examine thoughts."""

from sessions_app.pipeline.lexicon.techniques.entry import EvidenceLevel, TechniqueEntry

_CBT = "Cognitive behavioural therapy"
_IN_CBT = EvidenceLevel("component", "NICE NG222 (2022), depression: CBT")
_THOUGHT = r"(?:the|that|this|your|my|a|those|these|each) (?:\w+ )?(?:thoughts?|beliefs?|assumptions?)"

COGNITIVE = (
    TechniqueEntry(
        "Cognitive restructuring",
        _CBT,
        "cognitive",
        "Noticing an automatic thought, weighing the evidence for and against it, and forming a more balanced one.",
        ("reframing", "thought challenging", "cognitive reframing"),
        rf"cognitive (?:restructuring|reframing|reframe)|(?:some|try|practi[sc]e|by|a|positive) refram(?:e|ing)"
        rf"|reframing"
        rf"|refram(?:e|ed) (?:it|that|this|{_THOUGHT})|(?:challeng|question)(?:e|ed|ing) {_THOUGHT}"
        rf"|evidence (?:is there |do you have )?(?:for|against) {_THOUGHT}|(?:more )?balanced thoughts?"
        r"|thinking (?:traps?|errors?)|cognitive distortions?",
        _IN_CBT,
    ),
    TechniqueEntry(
        "Thought record",
        _CBT,
        "cognitive",
        "Writing down situation, thought, feeling and response to see how they hang together.",
        ("thought diary", "thought log"),
        r"thought (?:record|diary|log|journal|sheet)s?"
        r"|(?:write|writing|wrote|note|jot) (?:down )?(?:your|the|those|my)"
        r" (?:automatic )?thoughts?(?: down)?",
        _IN_CBT,
    ),
    TechniqueEntry(
        "Socratic questioning",
        _CBT,
        "cognitive",
        "Guided questions that help a person examine a belief for themselves.",
        ("guided discovery",),
        r"socratic|guided discovery|what would you (?:say|tell|advise) (?:to )?(?:a|your best) friend",
        _IN_CBT,
    ),
    TechniqueEntry(
        "Decatastrophising",
        _CBT,
        "cognitive",
        "Asking how likely the feared outcome is, and how one would cope if it came.",
        ("decatastrophizing", "worst case best case most likely case"),
        r"decatastrophi[sz]\w+|(?:whats|what is) the (?:very )?worst (?:thing )?that (?:could|can|would) happen"
        r"|worst case(?: scenario)? (?:and|then|best)",
        _IN_CBT,
    ),
    TechniqueEntry(
        "Downward arrow",
        _CBT,
        "cognitive",
        "Following a thought down, question by question, to the belief beneath it.",
        ("vertical arrow", "downward arrow technique"),
        r"(?:downward|vertical) arrow|if (?:that|it) (?:was|were|is) true what would (?:it|that) (?:say|mean)",
        _IN_CBT,
    ),
    TechniqueEntry(
        "Worry time",
        _CBT,
        "cognitive",
        "Putting off worries to a fixed time of the day.",
        ("scheduled worry", "worry postponement", "stimulus control for worry"),
        r"(?:my|your|the|a|scheduled|planned|daily) worry (?:time|window|period|slot|chair|half hour)"
        r"|(?:postpone|scheduled?|scheduling) (?:the |your |my )?worr(?:y|ies|ying)"
        r"|(?:postpone|save) (?:it|them|that)"
        r" (?:to|for|until) (?:your|the|my) worry|keep worry time|worry time (?:is|means|works|every|at)",
        EvidenceLevel("component", "NICE CG113 (2011), generalised anxiety: CBT"),
    ),
    TechniqueEntry(
        "Worry tree",
        _CBT,
        "cognitive",
        "Deciding whether a worry can be acted on now, later or not at all.",
        ("worry decision tree",),
        r"worry (?:decision )?tree|(?:hypothetical|practical|current problem) worr(?:y|ies)",
    ),
    TechniqueEntry(
        "Cost-benefit analysis",
        _CBT,
        "cognitive",
        "Weighing what a belief or habit gives against what it costs.",
        ("cost benefit analysis", "advantages and disadvantages"),
        r"cost benefit analysis"
        r"|(?:costs and benefits|advantages and disadvantages) of (?:\w+ )?(?:\w+ing|the belief|that)",
    ),
    TechniqueEntry(
        "Responsibility pie",
        _CBT,
        "cognitive",
        "Sharing out responsibility for an event in a pie chart before judging one's own part.",
        ("responsibility pie chart",),
        r"responsibility pie(?: chart)?|pie chart of (?:responsibility|blame)|(?:slice|piece) of the responsibility",
    ),
    TechniqueEntry(
        "Continuum method",
        _CBT,
        "cognitive",
        "Placing oneself and others on a line between two extremes to loosen black-and-white judgements.",
        ("cognitive continuum", "continuum technique"),
        r"(?:cognitive )?continuum (?:method|technique|exercise|work)|(?:on|along|draw) (?:a|the) continuum",
    ),
    TechniqueEntry(
        "Positive data log",
        _CBT,
        "cognitive",
        "Collecting experiences that speak for a new, kinder belief.",
        ("positive log", "evidence log"),
        r"positive data log|data log|evidence log|log of evidence for",
    ),
    TechniqueEntry(
        "Problem solving",
        "Problem-solving therapy",
        "cognitive",
        "Defining one problem, listing options, choosing one step and reviewing how it went.",
        ("problem-solving", "structured problem solving"),
        r"(?:structured|some|of|do|try|use|using|our|the steps of|step of) problem solving(?! "
        r"(?:module|class|task|test|skills))"
        r"|problem solving (?:therapy|technique|exercise|steps|sheet|worksheet)"
        r"|pros and cons (?:of (?:each|every|both|the (?:option|solution)))|list (?:all )?(?:the |your )?options"
        r"|brainstorm(?:ed|ing)? (?:\w+ )?(?:solutions?|options?)",
    ),
    TechniqueEntry(
        "Cognitive processing",
        "Cognitive processing therapy",
        "trauma processing",
        "Finding and questioning the beliefs that keep a trauma alive, called stuck points.",
        ("cognitive processing therapy", "cpt", "stuck points"),
        r"cognitive processing(?: therapy)?|stuck points?(?= (?:came|come|log|in|about|is|are|we|you|did|that|from))"
        r"|(?:your|a|the|which|my) stuck points?|impact statement",
        EvidenceLevel("recommended", "APA PTSD guideline (2017)"),
    ),
    TechniqueEntry(
        "Attention training",
        "Metacognitive therapy",
        "cognitive",
        "Shifting attention between sounds to gain control over where it goes.",
        ("attention training technique", "att"),
        r"attention(?:al)? training",
    ),
    TechniqueEntry(
        "Psychoeducation",
        "Common to all",
        "education",
        "Explaining how a problem arises and is kept going, so that treatment makes sense.",
        ("psycho-education",),
        r"psycho ?education(?:al)?|(?:vicious|panic|maintenance) (?:circle|cycle) of|fight or flight response"
        r"|(?:show|explain|teach) you how (?:panic|anxiety|depression|trauma|the panic cycle) works",
    ),
    TechniqueEntry(
        "Coping card",
        _CBT,
        "cognitive",
        "A card with a helpful answer, read when the old thought or urge comes.",
        ("coping cards", "flashcard"),
        r"coping (?:cards?|statements?)",
    ),
)
