"""Words that a comparison of content passes over, and words that negate, weaken or join."""

# Small on purpose: degree, frequency, order and comparison ("more", "often", "after") are content.
_GLUE_TEXT = """
| a an the this that these those there here it its itself he him his himself she her hers herself they them their
theirs themselves we us our ours ourselves i me my mine myself you your yours yourself one ones someone somebody
something anything thing things who whom whose which what where when why how if whether as than then so such and or
but because since while although though however therefore also too both either just even still yet only be am is are
was were been being do does did doing done have has had having can could will would shall should may might must need
needs needed let lets get of to in on at by for from with into onto upon about regarding around through during within
between among across over under out up off per via toward towards like yes yeah yep yup ok okay oh uh um er hmm mm hm
right really quite very rather pretty actually basically simply oneself s t re ve ll d m am pm oclock patient patients
client clients therapist therapists counsellor counselor clinician session sessions say says said saying report
reports reported reporting describe describes described describing mention mentions mentioned mentioning state states
stated stating share shares shared sharing express expresses expressed expressing explain explains explained
explaining note notes noted noting add adds added discuss discusses discussed discussing talk talks talked talking
speak speaks spoke spoken speaking tell tells told telling explore explored exploring explores address addressed touch
touches touched focus focuses focused focusing bring brings brought raise identify identifies identified
identifying acknowledge acknowledges acknowledged indicate indicates indicated endorse endorses endorsed disclose
disclosed discloses name names named naming reflect reflected recount recounted relate related concerning feel feels
felt feeling feelings experience experiences experienced experiencing discussion topic topics theme themes subject
issue issues matter matters area difficulty difficulties problem problems situation way ways time times occasion
occasions kind sort lot bit amount current currently ongoing continue continues continued remain remains suggest
suggests suggested suggesting recommend recommends recommended encourage encourages encouraged invite invites invited
ask asks asked asking agree agrees agreed agreeing plan plans planned planning intend intends intended come came find
finds found finding make makes made go goes going gone went technique techniques strategy strategies denies deny
denied denying not no never without unable following open left back together step next any due think thinks thinking
consider considers considered seem seems seemed appear appears appeared become becomes became becoming keep keeps kept
keeping use uses used using answer answers answered answering reply replied respond responded admit admits admitted
want wants wanted wanting take takes taken took taking until instead please aim aims whereas concerned first partly
complete completed none nobody nowhere neither nor promise promises promised usually set sets now voice presence each
earlier earliest means meant once
"""
# With these a note frames what it tells.
_FRAME_TEXT = """
pattern patterns concern concerns concerning context impact association associated linked relation terms event events
specific particular particularly notable notably overall additionally furthermore moreover respectively presents
presented presenting presentation process view views perspective perception sense extent nature basis manner point
fact idea case example instance reason reasons purpose aspect aspects element elements detail details information
account emphasise emphasised emphasises emphasize emphasized highlight highlights highlighted clarify clarifies
clarified comment comments commented remark remarks remarked observe observes observed outline outlines outlined
summarise summarised summarises summarize summarized elaborate elaborates elaborated occur occurs occurred occurring
happen happens happened involve involves involved involving include includes included including consist consists
compare compares compared comparison estimate estimates estimated aged position circumstance circumstances
conversation prior respect regards engage engages engaged engagement according rate rates rated rating ratings score
scored scores level levels duration total totals aloud voiced voices voicing enquired enquires inquired inquires queried
queries conceded concedes responding response responses exercise
"""
GLUE = frozenset(_GLUE_TEXT.split()) | frozenset(_FRAME_TEXT.split())
# What makes the words after it, up to the end of the clause, untrue or unwanted.
_NEGATORS_TEXT = """
not no never none nobody nothing nowhere neither nor without unable hardly barely scarcely rarely seldom denies deny
denied denying lack lacks lacked lacking stop stopped stops stopping quit quits avoid avoids avoided avoiding
discontinue discontinued discontinues discontinuing postpone postpones postponed postponing refuse refuses refused
refusing almost nearly fail fails failed failing isnt
"""
NEGATORS = frozenset(_NEGATORS_TEXT.split())
DIFFICULTY = frozenset(
    [
        "difficulty",
        "difficulties",
        "trouble",
        "difficult",
        "hard",
        "problems",
        "struggle",
        "struggles",
        "struggled",
        "struggling",
    ]
)
_SCOPE_ENDS_TEXT = """
| but because although though while when whenever if unless until which so yet
"""
SCOPE_ENDS = frozenset(_SCOPE_ENDS_TEXT.split())
# What is asked, agreed or meant to happen.
INTENDED = frozenset({"will", "gonna", "agree", "agreed", "agrees", "plan", "plans", "planned", "intend", "intends"})
INTENDED |= {"willing", "promised", "suggest", "suggests", "suggested", "asked", "invited", "assigned", "homework"}
# What is only thought of, wished for, feared or asked, and did not happen.
_UNREAL_TEXT = """
if would could might maybe perhaps wish imagine suppose unless almost nearly hypothetically
"""
UNREAL = frozenset(_UNREAL_TEXT.split())

# Words that a statement may never add of its own: people, degrees, frequencies, order, change and feelings.
TELLTALE = """
mother father brother grandmother grandfather son daughter husband wife partner uncle aunt cousin friend colleague
boss doctor teacher nurse gp osteopath physiotherapist dentist surgeon midwife matron psychiatrist priest parents
relatives child baby stranger police lawyer neighbour man woman always often sometimes hardly rarely never daily
weekly most more less before after first last again still better worse increase reduce stop start able unable severe
severely mild completely half twice once only hit kill die suicidal drink alcohol vodka gin rum cider cocaine heroin
cannabis drug medication diagnosis disorder depression depressed anxious panic angry afraid sad guilty ashamed happy
hopeful hopeless proud relieved lonely calm trauma abuse pregnant divorce fired moved died married hurt harm love hate
hatred jealous envy disgust regret remorse grief resentment bitter contempt excited joy rage shame embarrassed
humiliated lost stressed tense traumatic toxicity toxic syndrome symptom symptoms psychosis psychotic mania manic
bipolar dependence addiction hallucination delusion phobia obsession dementia relapse withdrawal overdose allergy
cancer epilepsy infection fever emergency ambulance hospital intoxicated sober pension debt loan court prison weapon
"""

KIN = """
mother mum mom father dad brother sister son daughter husband wife partner boyfriend girlfriend boss friend
grandmother
"""

# A writer's word for what was said as thought, expected or possible.
FEARING = "afraid fear feared fears fearing worry worries worried concerned expect expects expected anticipates"

WHEN = """
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
october november december today yesterday tomorrow tonight morning afternoon evening night week weekend month year
summer winter autumn spring all each every
"""
