"""Techniques that change what is done."""

from sessions_app.pipeline.lexicon.techniques.entry import EvidenceLevel, TechniqueEntry

_CBT = "Cognitive behavioural therapy"
_EXPOSURE = EvidenceLevel("component", "NICE CG159 (2013), social anxiety: CBT")

BEHAVIOURAL = (
    TechniqueEntry(
        "Behavioural activation",
        "Behavioural activation",
        "behavioural",
        "Planning small valued or pleasant activities so that action can lift mood.",
        ("behavioral activation", "activity scheduling"),
        r"behaviou?ral activation|activity (?:scheduling|monitoring)|activity schedules?"
        r"|(?:schedul|plan)\w* (?:a |some |one |two |three |more )?(?:pleasant|enjoyable|pleasurable) "
        r"(?:activit\w+|things)",
        EvidenceLevel("recommended", "NICE NG222 (2022), depression"),
    ),
    TechniqueEntry(
        "Graded exposure",
        _CBT,
        "behavioural",
        "Meeting a feared situation in planned steps until the fear settles.",
        ("exposure", "exposure therapy", "exposure hierarchy", "in vivo exposure"),
        r"(?<!narrative )(?<!prolonged )(?<!imaginal )exposure "
        r"(?:therapy|hierarchy|ladder|exercises?|work|tasks?|practice|steps?)"
        r"|(?:graded|gradual|in vivo) exposure|fear (?:ladder|hierarchy)|hierarchy of fears"
        r"|(?:rung|step) (?:on|of) the ladder"
        r"|do(?:ing)? (?:an |the |some )exposures?",
        _EXPOSURE,
    ),
    TechniqueEntry(
        "Interoceptive exposure",
        _CBT,
        "behavioural",
        "Bringing on bodily sensations on purpose to learn that they are harmless.",
        ("interoceptive exercises",),
        r"interoceptive|bring(?:ing)? on the (?:sensations|symptoms|dizziness)"
        r"|(?:straw|spinning|hyperventilation) exercise",
    ),
    TechniqueEntry(
        "Imaginal exposure",
        _CBT,
        "behavioural",
        "Telling or imagining what is feared, in detail and repeatedly.",
        ("imaginal reliving",),
        r"imaginal (?:exposure|reliving)",
    ),
    TechniqueEntry(
        "Exposure and response prevention",
        _CBT,
        "behavioural",
        "Meeting what triggers an obsession and leaving out the ritual.",
        ("erp", "response prevention", "ritual prevention"),
        r"(?:exposure and )?(?:response|ritual) prevention|erp(?! (?:system|software|project))",
        EvidenceLevel("recommended", "NICE CG31 (2005), obsessive-compulsive disorder"),
    ),
    TechniqueEntry(
        "Behavioural experiment",
        _CBT,
        "behavioural",
        "Testing a prediction in real life and comparing what happens with what was expected.",
        ("behavioral experiment",),
        r"behaviou?ral experiments?"
        r"|test(?:ed|ing)? (?:out )?(?:that|the|this|your|my) (?:prediction|belief|assumption|thought)",
        _EXPOSURE,
    ),
    TechniqueEntry(
        "Dropping safety behaviours",
        _CBT,
        "behavioural",
        "Leaving out what is done to feel safe, to find out whether it is needed.",
        ("safety behaviours", "safety behaviors"),
        r"(?:drop|dropping|dropped|without|leave out|give up|reduce|fewer|your|my) "
        r"(?:the |your |my |those )?safety behaviou?rs?",
        _EXPOSURE,
    ),
    TechniqueEntry(
        "Role play",
        "Common to all",
        "skills",
        "Rehearsing a conversation in the session.",
        ("role-play", "behavioural rehearsal"),
        r"(?:lets|we|us|do|did|try|tried|some|in the|in our|a|shall we) role ?play(?:s|ed|ing)?(?! "
        r"(?:game|in sales|in our sales))"
        r"|role play(?:ing)? (?:it|that|this|the|your|exercise)|(?:rehearse|rehearsed|practi[sc]e) the conversation"
        r"|behaviou?ral rehearsal",
    ),
    TechniqueEntry(
        "Assertiveness training",
        "Skills training",
        "skills",
        "Learning to say what one wants and to say no, clearly and with respect.",
        ("assertive communication", "i statements", "broken record technique"),
        r"assertive(?:ness)? (?:training|communication|skills?|exercise|script)"
        r"|(?:an?|with|use|using) i (?:statements?|messages?)"
        r"|broken record technique",
    ),
    TechniqueEntry(
        "Social skills training",
        "Skills training",
        "skills",
        "Practising how to start, hold and end conversations.",
        ("social skills",),
        r"social skills (?:training|group|exercise|practice)",
    ),
    TechniqueEntry(
        "Habit reversal",
        "Habit reversal training",
        "behavioural",
        "Noticing the first sign of a habit and doing something that makes it impossible.",
        ("habit reversal training", "competing response", "comprehensive behavioral intervention for tics"),
        r"habit reversal|competing response",
        EvidenceLevel("component", "AAN guideline (2019), tics: CBIT"),
    ),
    TechniqueEntry(
        "Contingency management",
        "Behaviour therapy",
        "behavioural",
        "Agreed rewards for steps that were shown to be reached.",
        ("reward plan", "token economy"),
        r"contingency management|token economy|(?:reward|sticker) (?:plan|chart|system)",
        EvidenceLevel("recommended", "NICE CG51 (2007), drug misuse"),
    ),
    TechniqueEntry(
        "Goal setting",
        "Common to all",
        "planning",
        "Agreeing on goals that are specific, reachable and can be measured.",
        ("smart goals",),
        r"(?:a |your |our |my )?smart goals?(?! of the)|goal setting|(?:treatment|therapy) goals"
        r"|goals? for (?:the |our |this )?therapy",
    ),
    TechniqueEntry(
        "Self-monitoring",
        "Common to all",
        "self-monitoring",
        "Recording mood, urges or behaviour at the time they occur.",
        ("mood chart", "mood monitoring", "panic diary", "food diary", "urge log"),
        r"self monitoring|monitoring sheet"
        r"|(?:mood|panic|urge|food|anxiety|symptom|drinking) (?:chart|tracker|monitoring|diary|log|record)"
        r"|track(?:ing)? (?:your|my) (?:mood|urges|panic attacks)",
    ),
    TechniqueEntry(
        "Relapse prevention plan",
        "Relapse prevention",
        "planning",
        "Naming early warning signs and what to do when they come.",
        ("relapse prevention", "staying well plan", "therapy blueprint"),
        r"relapse prevention|(?:early )?warning signs (?:plan|list)|staying well plan|therapy blueprint|relapse plan",
    ),
    TechniqueEntry(
        "Safety planning",
        "Crisis intervention",
        "planning",
        "Writing down warning signs, own ways of coping, people and services for a crisis.",
        ("safety plan", "crisis plan", "stanley-brown safety plan"),
        r"(?<!fire )(?:safety|crisis) plan(?:s|ning)?(?! for the (?:building|school|office|fire))",
        EvidenceLevel("recommended", "NICE NG225 (2022), self-harm"),
    ),
)
