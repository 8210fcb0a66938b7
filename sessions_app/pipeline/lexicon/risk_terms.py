"""Phrases to review: one pattern per line, over folded words (lower case, no apostrophes, single spaces).

The list was written for this product after public suicide-prevention and safeguarding vocabulary; it reproduces no
instrument. Severity grades the phrase. A space also matches hesitations ("kill, um, myself"); `(` opens a
non-capturing group; names in braces are replaced by the words below. Negation is ignored on purpose: "I don't want to
die, but" has to be reviewed.
"""

from typing import NamedTuple

from sessions_app.pipeline.drafting.schema import RiskSeverity, RiskType


class RiskRule(NamedTuple):
    """Phrases of one type and severity."""

    type: RiskType
    severity: RiskSeverity
    phrases: str


RELATIVES = (
    "husband|wife|partner|ex|boyfriend|girlfriend|mother|mum|mom|father|dad|parents?|brother|sister|son|daughter"
    "|uncle|stepdad|stepfather|stepmother|stepmum|stepmom|carer"
)
WORDS_FOR = {
    "{person}": (
        "(him|her|them|someone|somebody|people|everyone|everybody|anyone|another person|others|each other"
        rf"|(my|the|his|her|our|their|that) (\w+ )?({RELATIVES}|boss|manager|neighbou?r|kids?|child|children|baby"
        "|babies|family|colleagues?|coworkers?|teacher|classmates?|roommate|therapist|guy|man|woman|bastard))"
    ),
    "{abuser}": f"(he|she|they|{RELATIVES})",
    "{relatives}": RELATIVES,
}

RULES = (
    RiskRule(
        "suicidal_ideation",
        "high",
        r"""
    su ?cid\w*|sui ?cid\w*
    (kill|kills|killed|killing) (off )?(my|your|him|her|our|them) ?sel(f|ves)
    off(ing)? myself|un ?aliv\w+|kms
    (end|ends|ending|ended|take|takes|taking|took) (my|his|her|your|their) (own )?(life|lives)
    (end|ending|ended) (it all|things for good|everything)|end it (tonight|now|today|soon)
    (want|wanted|wants|wanting|like|love|ready|prefer|rather|hope|hoping|wish|plan|planning) to (just )?(die|be dead)
    wann?a (just )?(die|be dead)
    (rather|sooner|id just|just want to) (die|be dead)
    (let|make) me die|(should|deserve to|need to|have to|ought to) (just )?(die|be dead)
    (wish|wished|wishing) (that )?(i|id) (was |were |had |could )?(just )?(be |been )?(dead|die|died)
    better off (dead|without me|if i (was|were|wasnt|werent))
    (everyone|everybody|they|world|family|kids|people) (\w+ ){0,3}better (off )?without me
    (dont|do not|didnt|doesnt|not|never|no longer|cant|stopped) want(ed|ing|s)? to (live|be alive|exist|be here|wake up)
    (dont|do not|didnt|not) want(ed)? to (go on|carry on|be around|be on this (earth|planet))
    (dont|do not|didnt|not) wann?a (live|be alive|exist|be here|wake up)
    (go to sleep|fall asleep|sleep|bed) and (not|never) wak(e|ing)( up)?
    (not|never|dont|didnt) wak(e|ing) up( again| tomorrow| in the morning| ever)?
    (not|isnt|wasnt|is it) (even )?worth (living|being alive)|life (isnt|is not|wasnt|not) worth it
    (no|any|much|the) (reason|point)( left)? (to|in|for|of) (live|living|being alive|going on|carry on|carrying on)
    (nothing|no one|nobody)( left| more)? to live for
    (tired|sick|done|finished|fed up) (of|with) (living|being alive|life|existing)
    (give|gave|giving|given) up on (life|living)
    (hang|hung|hanged|hanging|shoot|shot|shooting|drown|drowning|poison|poisoning|gas|gassing|strangle) myself
    (jump|jumping|jumped) (off|from|in front of|under|out of) (the |a |my |that )?(\w+ )?(bridge|roof|building|cliff)
    (jump|jumping|jumped) (off|from|in front of|under|out of) (the |a |my |that )?(\w+ )?(balcony|window|train|tube)
    (throw|throwing|threw|step|stepping|walk) (myself )?(off|in front of|under|into) (the |a )?(\w+ )?train
    (throw|throwing|threw|step|stepping|walk) (myself )?(in front of|under|into) (the |a )?(bus|car|truck|traffic)
    (drive|driving|steer|crash|crashing)( my car| the car| it| myself)? (into|off) (a|the|oncoming) (\w+ )?(wall|tree)
    (drive|driving|steer|crash)( my car| the car| it)? (into|off) (a |the |oncoming )?(\w+ )?(bridge|traffic|cliff)
    overdos\w+
    (take|taking|took|swallow|swallowed) (all|the whole|a whole|a bunch) (of )?(my |the |those )?(\w+ )?(pills|tablets)
    (take|taking|took|swallowed) (all|the whole|a whole|a bunch) (of )?(my |the )?(\w+ )?(meds|medication|bottle)
    (took|swallowed|taken) (all of them|the whole (lot|packet|box)|an overdose)
    (take|taking|took|swallowed) too many (\w+ )?(pills|tablets|meds|paracetamol|tylenol)
    (saving|saved|stockpil\w+|hoard\w+|collecting)( up)?( my| the| some)? (\w+ )?(pills|tablets|medication|meds)
    (slit|slitting|slash|slashed|cut|cutting|open) my (wrist|wrists|throat|veins)
    (wrote|written|write|writing|left|leave) (a |my |the )?(goodbye|farewell|last) (note|letter|letters|notes)
    (plan|plans|method|means|date) to (end|kill|die)
    (thought|thoughts|think|thinking|dream|dreaming|fantasi[sz]\w+) (of|about) (dying|my (own )?death|being dead|ending)
    (thought|thoughts|think|thinking) (of|about) (how (id|i would) die|not being (here|alive|around))
    disappear (forever|for good)|be gone (forever|for good)
    (wont|will not|not going to|not gonna) be (here|around|alive) (much longer|any ?more|next \w+)
    tried to (die|end it)
        """,
    ),
    RiskRule(
        "suicidal_ideation",
        "medium",
        r"""
    (wish|wished) (that )?(i|id) (had |was |were )?(never|not)( been)?( \w+)? ?born
    wish i (wasnt|werent|was not|were not|didnt exist|did not exist|could disappear|could vanish)
    (want|wanted|like|love) to (just )?(disappear|vanish|not exist|stop existing|cease to exist|not be here)
    (dont|do not|cant|cannot) see (a|any|the|my) (future|point)
    (such|just|am|im|being|feel like|only) a burden
    (no one|nobody|they|anyone) would (even )?(miss me|notice if i|care if i)
    (rather|better) not (be here|exist|be alive)
    (im|i am|like im|me) dying
    (to|would|could|will|just|ill|id|gonna) die
    (if|when|once) (im|i am) (dead|gone)
    (join|be with) (him|her|them|my \w+) (in heaven|on the other side)
        """,
    ),
    RiskRule("suicidal_ideation", "low", r"kill(s|ing)? me|(dark|death) thoughts?|thoughts? of death|dying"),
    RiskRule(
        "self_harm",
        "high",
        r"""
    self (harm|injur|mutilat|inflict)\w*
    (cut|cuts|cutting|burn|burns|burned|burnt|burning|stab|stabbed|carve|carved|hurt|hurts|hurting) (my|your) ?self
    (harm|harms|harmed|harming|injure|injured|injuring) (my|your|him|her) ?self
    (cut|cutting|hurt|hurting|burn|burning) (him|her|them) ?sel(f|ves)
    (cut|cutting|cuts|carved|burned|burnt|scratched) (on )?my (arm|arms|leg|legs|thigh|thighs|skin|stomach)
    (started|stopped|back to|urge to|urges to|relapsed with|kept|keep) (cut|cutting|burning) (again|my|me)
    (started|stopped|back to|urge to|urges to|been|kept|keep) (cut|cutting)(?! (down|back|out|off|through|ties|it|the))
        """,
    ),
    RiskRule(
        "self_harm",
        "medium",
        r"""
    (hit|hits|hitting|punch|punched|punching|slap|slapped|slapping|bite|biting|bit|scratch|scratched) my ?self
    (scratching|starve|starved|starving|punish|punished|punishing) my ?self
    (bang|banged|banging|smash|smashed|smashing|hit|hitting) my (own )?head
    (punch|punched|punching) (the |a )?(wall|walls|mirror)
    (make|making|made) myself (throw up|sick|vomit|bleed)|purg(e|ed|ing)
    i deserve (the |to feel |to be in )?(pain|to suffer|to be hurt|to hurt)
    razor|razors|blade|blades
        """,
    ),
    RiskRule(
        "harm_to_others",
        "high",
        r"""
    (kill|kills|killing|shoot|shooting|stab|stabbing|strangle|strangling|murder|murdering|poison|choke) {person}
    (want|wanted|wants|going|gonna|planning|ready|urge|urges|like|love) (to )?(\w+ )?(hurt|harm|attack|beat) {person}
    (want|wanted|wants|going|gonna|planning|ready|urge|urges) (to )?(\w+ )?(smash|punch|hit|burn|beat up) {person}
    (thought|thoughts|think|thinking|dream|dreaming|fantasi[sz]\w+) (of|about) (hurting|harming|killing) {person}
    (thought|thoughts|think|thinking|fantasi[sz]\w+) (of|about) (attacking|stabbing|shooting|smothering) {person}
    homicid\w*
    (shoot|shooting|blow|blowing) up (the|my|that) \w+|(shoot|blow) (the|my|that) \w+ up
    (bring|bringing|get|getting|got|bought|buy|grab|load|loaded) (a|my|the|his|that) (gun|rifle|pistol|weapon|shotgun)
    (hurt|harm|shake|shook|shaken|smother|drown|drop|hit) (the|my|our) (baby|child|kids|children)
        """,
    ),
    RiskRule(
        "harm_to_others",
        "medium",
        r"""
    (hurt|hurting|harm|harming|attack|attacked|attacking|beat up|punch|punched|strangled|choked|stabbed|shot) {person}
    i (hit|slapped|shoved|pushed|kicked|beat|smacked) {person}
    make {person} (pay|suffer|regret)
    (get|getting|take|taking|want) (my )?revenge
    murder\w*|(he|she|they) deserves? to (die|suffer)|wish (he|she|they) (was|were) dead
    (lose|lost|losing) (my temper|control|it) (and (hit|hurt|push|shove)\w*|with (the|my) (kids|baby|children))
    (a|my|the|his) (gun|pistol|rifle|shotgun|firearm)|(grab|grabbed|got|get|took) (a|the) knife
        """,
    ),
    RiskRule(
        "abuse",
        "high",
        r"""
    rap(e|ed|ing|ist)|molest\w*|sexual(ly)? (assault|abus|violat|exploit)\w*|traffick(ed|ing)|groom(ed|ing) me
    (child|physical|domestic|elder|partner) (abuse|violence)
    {abuser} (\w+ ){0,3}(hits|hit|beats|beat|beating|punches|punched|slaps|slapped|kicks|kicked|chokes|choked) (me|us)
    {abuser} (\w+ ){0,3}(strangles|strangled|bites|burned|burnt|dragged|smacked|whipped|stabbed|shot at) (me|us)
    {abuser} (\w+ )?(hits|hit|beats|beat|slaps) (the (kids|children|baby)|my (\w+ )?(son|daughter|kids|mum|mom|mother))
    (hits|beats|punches|slaps|kicks|chokes|strangles) (me|us|the kids|the children|my son|my daughter)
    (beat|beaten|beating) (me|us|her|him) up
    (force|forces|forced|forcing|coerced) (me|her|him) (to|into) (have )?(sex|do things|sleep with|touch\w*)
    made me (have sex|do things|touch|sleep with)
    (touch|touched|touches|touching) me (inappropriately|when i was|as a child|down there|without|where|sexually)
    (threaten|threatens|threatened|threatening) (me|us|to (kill|hurt|harm|beat|leak))
    {abuser} (\w+ )?(said (hed|shed|theyd)|is going to|is gonna|wants to|tried to|tries to) kill (me|us)
        """,
    ),
    RiskRule(
        "abuse",
        "medium",
        r"""
    abus(e|ed|er|es|ive|ing|ively)|{abuser} (will|would) kill me
    (afraid|scared|frightened|terrified) (of|to go home to) (my |his |her )?({relatives}|him|her|them)
    (wont|doesnt|didnt|does not|never) (let|lets|allow|allows) me (leave|see|go|have|talk|work|out|use|spend)
    (controls|controlling|checks|takes) (all )?my (money|phone|bank|wages)
    (lock|locked|locks|locking) (me|us) (in|out|up)
    stalk(s|ed|er|ing) me|being stalked|(follows|following|followed) me (home|everywhere|to work)
    (hit|hurt|hurts|punched|slapped|kicked|choked|strangled|shoved|grabbed) me
    neglected|assault|assaulted|beaten|bullied|coerced|exploited|gaslight\w*
    revenge porn|coercive control|safeguarding|child protection|forced marriage|honou?r based|against my will
    not safe (at home|with (him|her|them))|unsafe (at home|with)
        """,
    ),
    RiskRule(
        "crisis",
        "high",
        r"""
    (hear|hears|hearing|heard) (the |these |those )?voices|(hear|hearing|heard) a voice
    voices? (\w+ ){0,2}(tell|tells|telling|told|say|saying|says)
    (cant|cannot|can not) (go on|carry on|take any ?more|keep (going|doing this)|live like this)
    (cant|cannot|can not) (cope|take (it|this|much)|do (this|it)) (any ?more|any longer)
    (cant|cannot|dont know if i can|couldnt) (stay|keep) (myself )?safe
    no way out
    (crisis|suicide) (line|team|hotline|text line|number|services|lifeline)|samaritans
    (called|calling|call|rang|in) (an |the )?ambulance
    (psychiatric|psych|mental health) (hospital|ward|hold|unit|emergency)|sectioned
    involuntar\w+ (hold|commit\w+|admit\w+)|nervous breakdown|psychotic|psychosis
        """,
    ),
    RiskRule(
        "crisis",
        "medium",
        r"""
    hopeless\w*|(no|lost|losing|lose|without|any) hope
    nothing left|(nothing|anything) to (lose|look forward to)
    (end of my|at the end of my) (rope|tether)|rock bottom|breaking point
    (lose|losing|lost) (my mind|control)|(i|im|keep|kept) (break|breaking|broke) down
    (ive|have|has|had|id|i) (just )?(given|gave|giving) up
    emergency room|(to|in|at) the er|(to|in|at) a (and )?e
    hospitali[sz]ed|admitted to hospital
    (havent|hasnt|not) (really )?(slept|eaten) (\w+ )?(in|for) (\w+ )?(days|a week|weeks)
    nowhere to (go|live|sleep|stay)|evict\w+|on the streets|homeless\w*
    (people|they|someone) (are|is|re|were) (watching|following|after|out to get|spying on) me
    hallucinat\w+|paranoi\w+|seeing things (that|which|others)
    unbearable|(cant|cannot) bear|in crisis|a crisis|(not|dont feel|isnt|never) safe
        """,
    ),
    RiskRule("crisis", "low", r"(falling|fall|fell|coming) apart|going (crazy|insane)|an emergency"),
    RiskRule(
        "substance",
        "high",
        r"""
    overdos\w+|od(d|ed|ing) on|heroin|fentanyl|crack cocaine|crystal meth|methamphetamine|meth|oxycontin|oxycodone
    inject(ed|ing|s)? (drugs|heroin)|shooting up
    (blacked|blacking|black|pass|passed|passing) out (drunk|from|after drinking)|blackouts?
    (drink|drinking|drank|drunk|high|stoned|using) (and|while|then|when i|before) (\w+ )?(drive|driving|drove)
    drunk driv\w+|drink driv\w+|dui
    (drink|drinking|drank|a drink|vodka|whiske?y|wine) (\w+ )?(in the morning|every (day|night|morning)|all day)
    (drink|drinking|drank|a drink) (\w+ )?(alone|to (sleep|cope|forget|numb|get through)|before work|at work)
        """,
    ),
    RiskRule(
        "substance",
        "medium",
        r"""
    relaps\w+|withdrawals?|detox\w*|the shakes
    cocaine|ketamine|mdma|lsd|amphetamines?|opioids?|opiates?|ghb
    (extra|too many|more|someone elses|double) (pills|tablets|meds|painkillers|sleeping pills)
    (get|gets|got|getting|i was|im|i am) (so |really )?(high|stoned|wasted|hammered|drunk|plastered)
    (drink|drinking|drank|drinks)( \w+){0,2} (too much|heavily|a lot|again|daily|bottles?|problem|habit)
    (bottle|bottles|box|litre|liter|pints|crate|cans) of (\w+ )?(wine|vodka|whiske?y|gin|rum|beer|cider|spirits|alcohol)
    (using|back on|started on) (again|drugs)|addicted to|hooked on|on drugs
    addict(ed|ion|ions|s)?|alcoholi\w+|bing(e|ed|eing|ing) drink\w*|hungover|hangovers?|intoxicated
    (sniff|sniffing|snort|snorting|snorted|huff|huffing) \w+
    drug (use|abuse|problem|habit|dealer)|substance (use|abuse|misuse)
    (stay|staying|stayed|been|get|getting) (sober|clean)|sobriety|(aa|na) meetings?|my sponsor
        """,
    ),
    RiskRule(
        "substance",
        "low",
        r"""
    drunk|drugs?|alcohol|booze|vodka|whiske?y|weed|cannabis|marijuana|vap(e|ing)|smok(e|ed|ing) (pot|a joint|joints)
    xanax|valium|benzos?|diazepam|codeine|tramadol|morphine|percocet|vicodin|ritalin|adderall|cravings?
    (drink|drinking|drank)(?! (more |some |enough |lots of |plenty of |a lot of )?(water|coffee|tea|juice|milk|fluids))
        """,
    ),
)

# A match inside one of these is kept, with low severity. Each is a complete figure of speech or a plain accident.
IDIOMS = r"""
    (kill|killed|killing) myself (laughing|with laughter)
    ((want|wanted|going|like|ready|could) (to )?)?(die|died|dying) (of|from|with) (laughter|laughing|embarrassment)
    ((want|wanted|going|like|ready|could) (to )?)?(die|died|dying) (of|from|with) (boredom|curiosity|hunger|thirst)
    (die|died|dying) laughing
    (im |i am |been )?dying (to|for) (a |some )?(see|know|hear|meet|try|go|tell|watch|eat|get|coffee|tea|holiday)
    (is |are |was |were )?to die for
    (the|my) (phone|battery|laptop|plant|plants|car|engine) (is|are|was|were|keeps) dying
    kill(s|ing)? me
    cut(ting)? myself (\w+ )?(some slack|off|shaving|while shaving|when shaving|cooking|chopping|a slice|a piece)
    (hurt|injured) myself (\w+ )?(at the gym|running|playing|skiing|falling|in training|lifting|cycling)
    (he|she|they|it) (has )?(beat|beats) me (at|to it|to the|in (chess|tennis|the))
    hit me (up|like|that|how|when|hard|with the)|(it|this|that) (all |suddenly )?hit me
    (ive |i |have )?(give|given|gave|giving) up (smoking|sugar|coffee|caffeine|chocolate|meat|bread|on the (diet|gym))
    (shaving|safety) (razor|blade)|razor sharp
"""
