"""Topics and feelings in therapy: labels and patterns over folded words."""

# Not named in a text for the patient: a word that was meant otherwise would hurt.
DELICATE_TOPICS = frozenset(
    [
        "intimacy",
        "body image",
        "eating",
        "alcohol or drugs",
        "trauma",
        "pregnancy or birth",
        "obsessions or checking",
        "identity",
        "culture or faith",
        "self-criticism",
        "separation or divorce",
        "grief",
        "guilt or shame",
        "low mood",
        "anger",
    ]
)

TOPICS: dict[str, str] = {
    "sleep": r"sleep(ing|s|y)?|slept|insomnia|nightmares?|awake|bedtime|nap(s|ping)?",
    "work": r"work(ing|ed|load|place)?|jobs?|boss|manager|colleagues?|coworkers?|office|deadlines?|promotion|shifts?",
    "losing or changing a job": (
        r"unemploy(ed|ment)|redundan(t|cy)|laid off|fired|job (search|hunt\w*|interviews?)|resign(ed|ing)?"
    ),
    "study": (r"school|college|university|exams?|my (teachers?|class(es)?|grades)|essays?|thesis|study(ing)?"),
    "family": (
        r"famil(y|ies)|relatives?|siblings?|brothers?|sisters?|cousins?|in laws?|grand(mother|father|parents?|ma"
        r"|pa)"
    ),
    "parents": r"parents?|mothers?|mum|mom|fathers?|dad|step(mother|father|mum|mom|dad)",
    "being a parent": (
        r"(my|our) (kids?|child|children|sons?|daughters?|baby|toddler|teenager)|parenting|motherhood|fatherhood"
    ),
    "relationship with a partner": r"partner|husband|wife|boyfriend|girlfriend|marriage|married|spouse|fianc\w+|couple",
    "separation or divorce": r"divorc\w+|separat(ed|ion|ing)|break ?up|broke up|custody|(my|her|his) ex",
    "friends": r"(?<!say to a )(?<!tell a )friends?|friendships?|mates?|roommates?",
    "loneliness": r"lonel(y|iness)|isolat(ed|ion|ing)|(all|so|very) alone|no one to talk to|left out",
    "intimacy": r"dat(ing|es)|intima(cy|te)|sex(ual|uality)?|libido|affair",
    "conflict": r"argu(e|ed|ing|ment|ments)|fights?|fighting|fought|conflicts?|shout(ed|ing)|yell(ed|ing)|row with",
    "boundaries": r"boundar(y|ies)|say(ing)? no|people pleas\w+|taken advantage",
    "communication": r"communicat\w+|listen(s|ed|ing)? to me|talk(ing)? to (him|her|them)|assertive\w*|speak(ing)? up",
    "anxiety": r"anxi(ety|ous|ously)|nervous\w*|on edge|restless\w*|tense|tension",
    "worry": r"(?<!no )(?<!dont )worr(y|ied|ies|ying)|what ifs?|overthink\w*|ruminat\w+",
    "panic": r"panic\w*|heart (was |is )?(racing|pounding)|hyperventilat\w+|(cant|couldnt) breathe",
    "social situations": (
        r"social (anxiety|situations?|events?)|part(y|ies)|crowds?|public speaking|embarrass\w+|judg(ed|ing) me"
    ),
    "low mood": (
        r"depress\w+|low mood|feel(ing)? (so |really |very )?(low|down|flat|empty|numb)|sad(ness)?|miserable"
        r"|tearful"
    ),
    "energy": r"motivat\w+|energy|exhaust\w+|tired(ness)?|fatigue\w*|procrastinat\w+|drained",
    "stress": r"stress\w*|pressure|overwhelm\w*|burn(ed|t)? ?out|burnout|too much on",
    "anger": r"ang(er|ry)|rage|furious|irritab\w+|temper|frustrat\w+|resent\w*",
    "guilt or shame": r"guilt(y)?|asham(ed|ing)|shame\w*|regrets?|blam(e|ed|ing) myself",
    "self-esteem": (
        r"self (esteem|worth|confidence|image)|confiden(t|ce)|worthless\w*|not good enough|inadequate|insecur\w+"
    ),
    "self-criticism": r"self critic\w+|perfectionis\w+|hard on myself|inner critic|beat(ing)? myself up",
    "body image": (
        r"body image|my (body|weight|appearance)|in the mirror|(feel|felt|look|looked|im|am"
        r"|too) (\w+ )?(fat|ugly)"
    ),
    "eating": r"eat(ing|en|s)?|food|meals?|appetite|diet(s|ing)?|bing(e|eing|ing)|hungry",
    "alcohol or drugs": r"alcohol\w*|drink(ing)?|drank|drunk|drugs?|cannabis|weed|sober|sobriety|relaps\w+",
    "grief": r"grie(f|ve|ving)|mourn\w*|funeral|passed away|died|bereave\w*|loss of|miss (him|her|them)",
    "trauma": r"trauma\w*|flashbacks?|ptsd|assault\w*|abus(e|ed|ive)|the accident|triggered",
    "childhood": (
        r"childhood|grew up|growing up|as a (child|kid|boy|girl)|when i was (little|young|small|a child|a kid)"
    ),
    "physical health": r"doctor|gp|hospital|pain|headaches?|illness|diagnos\w+|symptoms?|surgery|migraines?",
    "medication": r"medication|meds|dose|dosage|tablets?|pills?|antidepressants?|side effects?|prescri\w+|sertraline",
    "pregnancy or birth": r"pregnan\w+|miscarriage|birth|postnatal|postpartum|fertility|ivf",
    "money": r"money|debts?|bills?|rent|mortgage|financ\w+|afford|salary|savings",
    "housing": r"hous(e|ing)|flat|apartment|landlord|moving (house|out|in)|neighbou?rs?|evict\w+",
    "obsessions or checking": r"obsess\w+|compuls\w+|intrusive thoughts?|checking|rituals?|contaminat\w+|ocd",
    "attention": (r"adhd|concentrat\w+|focus(ed|ing)?|distract\w+|forget(ful|ting)?|organis\w+|organiz\w+"),
    "identity": r"identity|who i am|gender|trans|coming out|came out|gay|lesbian|bisexual|queer|non binary",
    "culture or faith": r"religio\w+|church|mosque|temple|god|faith|pray(er|ing|ed)?|cultur\w+|immigra\w+|racis\w+",
    "free time": (
        r"exercis(ed|ing)|work(ing|ed)? out|gym|running|(go|goes|going|went) for (\w+ )?walks?|hobb(y|ies)|music"
        r"|gardening|swimming|yoga|painting|pottery"
    ),
    "phone or social media": (
        r"(on|at|checking|check|with) my phone|scroll(ing|ed)?|social media|instagram|facebook|tiktok"
        r"|gaming|screen time"
    ),
    "the future": (
        r"future|(big|hard|difficult) decisions?|(make|made|making) (a|the) decision|retire\w*|moving (abroad|away)"
    ),
}

EMOTIONS: dict[str, str] = {
    "anxiety": r"anxi(ety|ous)|nervous|worried|worry|panick(y|ed|ing)|uneasy|on edge",
    "fear": r"afraid|scared|frightened|terrified|fear(ful)?|dread(ing)?",
    "sadness": r"sad(ness)?|unhappy|miserable|tearful|cried|crying|heartbroken|feel(ing)? (so |really )?(down|low)",
    "hopelessness": r"hopeless\w*|pointless|despair\w*",
    "anger": r"angry|anger|furious|rage|resent(ful|ment)?|annoyed|irritated",
    "frustration": r"frustrat(ed|ing|ion)|fed up|stuck",
    "guilt": r"guilt(y)?|blame myself|my fault",
    "shame": r"asham(ed|ing)|shame|embarrass(ed|ing)|humiliat(ed|ing)",
    "loneliness": r"lonely|loneliness|isolated",
    "overwhelm": r"overwhelm(ed|ing)|too much for me|swamped",
    "exhaustion": r"exhausted|exhausting|drained|worn out|burned out|burnt out",
    "relief": r"relie(f|ved)|weight off",
    "hope": r"hope(ful)?|optimistic|looking forward",
    "pride": r"proud|pride",
    "joy": r"happy|joy(ful)?|excited|enjoyed|glad|delighted",
    "calm": r"calm(er)?|peaceful|relaxed|at ease",
    "gratitude": r"grateful|thankful|gratitude",
    "grief": r"grie(f|ving)|mourning|miss (him|her|them)",
}
