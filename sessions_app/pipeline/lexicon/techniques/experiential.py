"""Techniques that work with experience, parts of the self and writing."""

from sessions_app.pipeline.lexicon.techniques.entry import TechniqueEntry

EXPERIENTIAL = (
    TechniqueEntry(
        "Chair work",
        "Gestalt therapy",
        "experiential",
        "Speaking to a person or a part of oneself that is imagined on a chair.",
        ("empty chair", "two-chair work", "chair dialogue"),
        r"(?:two |empty )?chair ?(?:work|dialogue|technique|exercise)"
        r"|(?:try|tried|do|did|use|used|with|to|our) (?:the |an )?empty chair"
        r"|empty chair (?:exercise|with|for|as if)|two chair",
    ),
    TechniqueEntry(
        "Inner child work",
        "Schema therapy",
        "experiential",
        "Turning to the needs of the child one was.",
        ("inner child", "limited reparenting"),
        r"inner child|reparent(?:ing)?|letter to (?:your|my) younger self",
    ),
    TechniqueEntry(
        "Schema mode work",
        "Schema therapy",
        "experiential",
        "Recognising which mode is active and strengthening the healthy adult.",
        ("mode work", "healthy adult"),
        r"schema modes?|(?:schema )?mode (?:work|map)"
        r"|(?:detached protector|healthy adult|punitive parent|vulnerable child)",
    ),
    TechniqueEntry(
        "Parts work",
        "Internal family systems",
        "experiential",
        "Getting to know parts of the self and what each protects.",
        ("internal family systems", "ifs"),
        r"parts work|internal family systems|in ifs|ifs (?:therapy|exercise|session|work)"
        r"|(?:ask|thank|let) (?:that|this|the) (?:\w+ )?part to (?:step|relax|speak|rest)"
        r"|(?:a|the|your|my) (?:manager|protector|exile|firefighter|critical|anxious) part",
    ),
    TechniqueEntry(
        "Externalising",
        "Narrative therapy",
        "narrative",
        "Speaking of the problem as something apart from the person, often with a name.",
        ("externalizing", "externalisation"),
        r"externali[sz](?:e|ed|ing|ation)(?! (?:the |our |your )?(?:costs?|services?|it department))"
        r"|(?:give|gave|giving) (?:the|that|your|my) (?:problem|anxiety|depression|voice|critic) a name",
    ),
    TechniqueEntry(
        "Miracle question",
        "Solution-focused brief therapy",
        "solution-focused",
        "Imagining that the problem was gone overnight and what would be noticed first.",
        ("the miracle question",),
        r"miracle question"
        r"|(?:suppose|imagine|if|say) (?:that )?(?:a|there was a|there were a) miracle(?: \w+){0,4} "
        r"(?:happen\w*|overnight|night)"
        r"|if a miracle happened",
    ),
    TechniqueEntry(
        "Scaling question",
        "Solution-focused brief therapy",
        "solution-focused",
        "Rating a state from zero to ten and asking what would move it by one.",
        ("scaling", "scaling questions"),
        r"scaling questions?|on a scale (?:from|of) (?:zero|one|0|1) to (?:ten|a hundred|10|100)",
    ),
    TechniqueEntry(
        "Finding exceptions",
        "Solution-focused brief therapy",
        "solution-focused",
        "Looking for times when the problem was absent or smaller.",
        ("exception finding", "exception questions"),
        r"(?:look|looking|search) for (?:the )?exceptions|finding exceptions|exception (?:finding|questions?)"
        r"|(?:a time|times|a day|days) when the problem (?:was|is|wasnt|isnt|didnt) ",
    ),
    TechniqueEntry(
        "Decisional balance",
        "Motivational interviewing",
        "motivational",
        "Weighing the reasons for and against a change, and for and against staying the same.",
        ("decision balance",),
        r"decision(?:al)? balance",
    ),
    TechniqueEntry(
        "Motivational interviewing",
        "Motivational interviewing",
        "motivational",
        "Drawing out a person's own reasons for change.",
        ("mi", "motivational interview"),
        r"motivational interview(?:ing)?|change talk",
    ),
    TechniqueEntry(
        "Journaling",
        "Expressive writing",
        "self-monitoring",
        "Regular writing about thoughts, feelings or events.",
        ("diary", "mood diary", "expressive writing"),
        r"journal(?:ing|ling|ed|led)|expressive writing|morning pages"
        r"|(?:keep|keeping|kept|write|writing|wrote) (?:\w+ )?(?:a|in a|in your|your|in my|my|in the) "
        r"(?:journal|diary)(?! (?:in the army|when|as a|of the))",
    ),
    TechniqueEntry(
        "Unsent letter",
        "Experiential therapy",
        "experiential",
        "Writing to somebody what was never said, without sending it.",
        ("letter writing", "goodbye letter"),
        r"unsent letter|(?:farewell|goodbye) letter to (?:your|my|him|her|the)"
        r"|(?:write|writing|wrote) (?:him|her|them|a letter to) (?:\w+ ){0,5}without sending",
    ),
)
