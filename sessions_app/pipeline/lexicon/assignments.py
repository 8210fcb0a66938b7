"""How homework is set, accepted, refused and promised: one pattern per line over folded words.

Patterns of PROPOSALS and QUESTIONS end where the action begins.
"""

_WEEK = r"(this|next|the|the next|the coming|this coming|the following) (\w+ )?(week|weeks|fortnight|weekend|month)"
# Names the time between sessions: what is asked for is not meant for now.
BETWEEN_SESSIONS = rf"""
    homework|between (now|sessions|our|this)|(for|over|during|in) {_WEEK}|this week|next week|this weekend
    (before|until|till|by) (we|next|you come|the next|our next|your next|then|\w+day|bed|the end)
    (every|each|most|every other|one) (day|days|night|evening|morning|afternoon|week|time|weekend|meal|\w+day)
    daily
    (once|twice|\w+ times|\w+ minutes) (a|per|every|each) (day|week|night|morning|evening)
    (once|twice|\w+ times) this week
    (a|per) day|tonight|tomorrow|at home|at night|at work|when you get home|before bed
    in the (morning|evening)s?
    (on|this|next) (mon|tues|wednes|thurs|fri|satur|sun)days?|on (at least )?\w+ (mornings|days|evenings|nights)
    (when|whenever|each time|every time|any time|next time|the moment) (you|your|the|it|he|she|they|someone|that)
    (for|in|within) (a|one|two|three|four|five|seven|ten|another) (\w+ )?(days?|weeks?|nights|evenings|mornings)
    (after|before|during) (work|school|dinner|lunch|breakfast|class|the (weekend|holidays|party|meeting|exam))
    overnight
    (before|until|over) christmas|going until we meet|between sessions|until we meet|as soon as you
"""
_I_WOULD = r"(i would|id|i)( really| also| just| actually)?"
_YOU = r"(you|the two of you|both of you|you both|you two)"
_IS = r"( is| would be| will be)?( to)?"
_FOR = r"( (for|over|until) (\w+ ){1,3}?(week|time|session|then|weekend|tuesday|thursday))?"
PROPOSALS = rf"""
    {_I_WOULD} (like|love|want|need|encourage|ask|invite)( for)? {_YOU}( please)? to( do is( to)?)?
    (im|i am) (going to ask|gonna ask|asking|inviting|encouraging) {_YOU} to
    (id|i would|i) (suggest|recommend|propose|advise)( that)? you( could| might)?
    (can|could|may|shall) (i|we) ask you to
    lets have (you|the two of you)
    (lets|can we|could we|shall we) (agree|decide)( that)? you(ll| will| could)?
    (can we|could we|shall we) say( that)? you(ll| will| could)?|lets say( that)? you(ll| will)
    (id|i would|i) (like|want|love) to (ask|invite|encourage|challenge) {_YOU} to
    (the|our) (task|goal|exercise|assignment|experiment) (for|until|over) (\w+ ){{1,3}}?(week|time|session)( is)?( to)?
    you(ve| have)? (just )?agreed( to| that you(ll| will))
    (the|our) (plan|agreement|deal|idea) (is|would be)( for you)?( to| that you(ll| will)?)
    your (homework|task|assignment|experiment|job|challenge|mission){_FOR}{_IS}
    (as |some |for |the )?homework( (for|over|until) {_WEEK})?{_IS}(?! (can|was|every|and|is|about|in|feels))
    my (suggestion|proposal|request|advice)( (for|over) (\w+ ){{1,2}}week)?( is| would be)?( to| that you)?
"""
QUESTIONS = r"""
    would you mind( if you)?|(would|could) you consider
    (would|could) you be (willing|able|open|up for|okay|ok|happy|prepared|ready)( with)?( to)?
    (could|can|would|will) you (please |maybe |perhaps |also |just |possibly )?
    are you (willing|able|okay|ok|up for|happy|ready|prepared)( with)?( to)?
    do you (think|feel|reckon) (that )?you (could|can|might be able to|might|would be able to|would)( manage to)?
    (see|check) if you (can|could)
    (i wonder|im wondering|i was wondering|wondering) (if|whether) you (could|can|might|would)
    how about( if)?( you)?
    what about( if you)?
    what if you
    (would it be|is it) (okay|ok|all right|alright|possible|helpful|doable|fine|realistic)( for you)?( to| if you)
    how would you feel about
    how would it be (if you|to)
    (maybe |perhaps )?you (could|might)( also| maybe| just)?( start by)?
    you(ll| will|re going to| are going to)
"""
# Names what follows as a task.
SETS = r"""
    homework
    (task|experiment|exercise|assignment|suggestion|plan|goal|challenge|try something) ?(for|this|next|is|would be)?
"""
OPEN_QUESTION = (
    r"^(?:so |and |but |okay |well |then )*(?:(?:what(?! (?:about|if)\b)|who|which|why|where|when(?! you)"
    r"|how(?! (?:about|would you feel|would it be)\b))\b|(?:is|are) there\b)"
)
# May stand before an imperative at the beginning of a sentence.
_LEAD_IN = (
    r"(?:(?:so|and|then|okay|ok|right|well|please|also|just|maybe|perhaps|now|first|second|instead|simply|go ahead and"
    r"|make sure (?:you|to)|be sure to|remember to|dont forget to|keep|try|try to) )*?"
)
# Says when, before a comma.
WHEN = (
    r"^(?:so |and |then |okay |but )*(?:for|over|during|in|until|before|between|by|this|next|when|whenever|each"
    r"|every|once|if|as|on|at|the next|the moment|any|after|tonight|tomorrow)\b"
)
ACTIONS = (
    r"write|note|make a (?:note|list|plan)|make (?:yourself|an appointment|time)|jot|list|fill|filling|practi[sc]e"
    r"|practi[sc]ing|read|call|ring|phone|text|ask|tell|take|go|put|set|bring"
    r"|do(?! (?:you|i|we|they))|doing|use|using|record|recording"
    r"|track|tracking|log|logging|rate|listen|watch|schedule|plan|spend|give|leave|start|stop|choose|pick|look|draw"
    r"|notice|noticing|pay|eat|drink|get|send|talk|speak|share|say|walk|rehearse|repeat|switch|turn|limit"
    r"|catch|check|count|collect|find|meet|visit|open|sit|stay|email|wait|avoid|allow|let|reward|think|come|hang"
    r"|stick|replace|add|monitor|observe|remind|keep|try|hold|move|work|invite|join|sign|carry|run|finish|continue"
    r"|cook|buy|clean|show|treat|delete|hand|swap|review|breathe|sort|cut|drop|reach|interrupt|step|count|skip"
    r"|name|reread|complete|prepare|commit|manage|postpone|visit|help|sing|wear|sleep in|dont|asking|calling|writing"
    r"|telling|going|keeping|taking|putting|trying|setting|sitting|talking|reading|leaving|making|sharing|spending"
    r"|meeting|having|listening|watching|inviting|sending|bringing|a walk"
)
IMPERATIVE = rf"^{_LEAD_IN}(?=(?:{ACTIONS})\b)"
# What may follow "your task:".
LISTED = rf"^(?:(?:{ACTIONS})|no|one|two|three|every|each)\b"
# Speech without commas: "for next week write down"; a pronoun in between would be the subject of a statement.
_NO_SUBJECT = r"(?!(?:i|id|ill|im|we|well|lets|you|youll|he|she|they|it|that|to)\b)\w+"
RUN_ON = (
    rf"^(?:(?:so|and|okay|then) )*(?:for|over|during|until|before|between|by|this|next)(?: {_NO_SUBJECT}){{1,5}}? "
    rf"{_LEAD_IN}(?=(?:{ACTIONS})\b)"
)
# Belong to keeping a record or preparing something, so they are meant for home even without a time.
AT_HOME = r"""
    write|note|make a (note|list|plan)|jot|list|keep \w+ing|keep (a|the|up|track|on)|fill (in|out)|log|track
    record|read|practi[sc]e|rehearse|schedule|bring
"""
_SOFTLY = r"(try to |maybe |just )?"
# Said to the person in the room.
IN_SESSION = rf"""
    ^{_SOFTLY}(tell (me|us)|describe|explain|imagine|picture|guess|(help|show|give|remind|let) me|walk me|share with me)
    ^{_SOFTLY}say( (that|it|more|a|something))?
    ^{_SOFTLY}(talk about|take your time|stay with|close your|open your eyes)
    ^{_SOFTLY}(think (back|about|of)|look at (me|that|what|it|this)|go (back|on)|bear with|see (why|how|that|it))
    ^{_SOFTLY}(hear|repeat (that|it)|slow down|breathe|sit (back|with)|start with|expand|elaborate|clarify|scale)
    ^{_SOFTLY}take (a|another|one|some) (\w+ )?(breath|moment|look|sip)
    ^{_SOFTLY}notice (what|how|your|the|that)
    ^{_SOFTLY}(name (it|that|one|five)|put (a|your) hand|give an example|rate (that|it|your|the)|put (that|it) into)
    ^{_SOFTLY}(do (it|that) (now|again)|come (in|closer)|have a seat|call (that|it))
"""
NOW = r"""
    right now|now (just|try|again|we)|it now|here so that|me|for a (moment|second|minute)|in that chair
    over there|together|with me|as we (sit|speak)
    in (here|the room|this room)
    in your (body|chest|mind) (now|right)|today|for me|at the moment|here and now|a bit more about
"""
NOT_AN_ACTION = r"""
    ^(knows?|understand|feel|believe|have|be|see|hear|trust|hope|get better|agree|mean|consider)
    ^(say you|remember (when|how|what|if|a|the|that)|sleep (better|well|at all))
    ^(dont (worry|be|forget|feel|think|mind|know|let))
    ^(notice that|manage it|leave him there)
    ^(reali[sz]e|like|prefer)
    ^(try to |try and )?(do|try|use) (it|that|this|so|them)
"""
LOGISTICS = r"""
    front desk|reception(ist)?|microphone|mic|camera|unmute|mute|hear me|see me|screen|zoom|invoice|receipt
    by card|cash|insurance|parking|waiting room
    (change|move|cancel|reschedule|confirm|book|keep|make|rebook) (\w+ )?(appointment|session|slot)(?! (with|at|for))
    consent|questionnaire|the (link|connection|form at|recording)
    (our|the) (next )?(session|appointment) (is|on|time|at \d)
    at (one|two|three|four|five|six|nine|ten|eleven|noon)( oclock)? instead
    come (\w+ ){0,3}(earlier|later)|make it (at|on|by|to)|we meet again on|the office|on holiday|^we meet
    ^((and|so|then|okay|ok) )*(well|we will|lets) (meet|see each other) (again )?(next|on|in|at)
    ^(do|make|manage|come) (on )?(mon|tues|wednes|thurs|fri|satur|sun)day|same time
"""
_OTHERS = (
    r"(he|she|they|who|mother|father|mum|mom|dad|boss|wife|husband|doctor|teacher|partner|everyone|some(body|one))"
)
NOT_AN_ASSIGNMENT = rf"""
    last (night|week|time|session|month|year)|(asked|told|wanted|invited) (you|me) to|used to|if you were to
    what would happen|imagine (that|if|you)|suppose|hypothetically
    {_OTHERS} (said|says|say|told|tells|goes|keeps saying|was like|asked|always says)
    how did|did you|(?<!lets )have you|you (mentioned|were saying|told me)|you said (that|you|it|last)
    people (who|often)|when you were
    years? ago|as a (child|kid)|never
"""
ACCEPTED = r"""
    yes|yeah|yep|yup|ok|okay|sure|fine|all right|alright|deal|agreed|will do|i will|ill|i can|i could|we can
    we could|we will|well do|got it|mm hm|mhm|uh huh|sounds? (good|nice|fine|doable|okay|manageable|fair)
    id (be|like|love)|id be (up|willing|happy)|works|i guess|absolutely|definitely|of course|good idea
    i think so|willing|happy to|give it a (go|try|shot)|great|gladly|no problem|why not|right|makes sense
    i promise|can do|i suppose|certainly|perfect|i might manage|manage
"""
REFUSED = r"""
    ^(oh |well |um |uh |er )*(no|nope|nah)(?! (problem|pressure|worries|trouble|objection))|no way
    i (really |just |honestly )*(dont want|dont wanna|cant|cannot|wont|couldnt|wouldnt|refuse)
    (im|i am) (really |just )?not (going|ready|doing|comfortable|sure|gonna|there)|id rather not
    i dont think (i|so|thats|its|that)|absolutely not|impossible
    not (yet|now|really|a chance|possible|this week|for me|doing)
    id prefer not|thats too (much|hard|soon|early)|too much for me|please dont|forget it|what for
    whats the point|i would never|never
"""
ACCEPTED_AFTER_ALL = r"""
    not at all|of course not|no not really ill
    but (okay|ok|yes|yeah|fine|sure|all right|alright|ill|i will|i can|i could|lets|i guess)|i can manage
    ill (try|do)
"""
ASKS_FOR_A_STEP = r"""
    what (\w+ ){0,4}(will|could|can|are|would) you (\w+ ){0,4}(do|try|change|start|take|commit|begin)
    whats (one|a|the|your) (\w+ ){0,3}(thing|step|goal|plan)
    what is (one|a|the|your) (\w+ ){0,3}(thing|step|goal|plan)
    which (one|of) (\w+ ){0,4}do you want
    (which|what) (\w+ )?(step|one|part|thing) (feels|seems|is|would|could|will|do|can)
    who (could|can|will|might) you (tell|call|ask|talk|text|invite)
    when (could|can|will|would) you
    (something|anything|(one|a) (\w+ )?(thing|step)) (that )?(you|youd) (want|would|could|can|will|might|like|feel|are)
    how (could|can|will) you (\w+ ){0,3}(make|do|start|get|let|remind)|what are you (going|willing) to
    what do you want to (do|try|commit)
"""
_WILL = r"(ill|i will|im going to|i am going to|im gonna|well|we will|were going to|i plan to|i promise to)"
PROMISED = rf"""{_WILL} (?=\w+ \w+)"""
NOT_A_PROMISE = rf"""
    {_WILL} (be|have|never|not|probably|always|just|see|get|lose|miss|feel|think|say|know|end|like|hate|stay|need|fail)
    {_WILL} (go (crazy|mad|insane|on)|sleep|leave (him|her|them)|tell you|ask you|wait and|try not)
    maybe|might|probably|i guess|i suppose|i dont know|if|unless|someday|one day|eventually|always|every time
    never|anyway
"""
HARM = r"""
    kill\w*|hurt\w*|hit|beat\w*|punch\w*|stab\w*|shoot\w*|burn\w*|smash\w*|chok\w+|strangl\w+|destroy\w*
    pay for|throw\w*|slap\w*|attack\w*|fight\w*|break (his|her|their|my|him|its|the|every)
    end (it|my|this|everything)|overdos\w+|jump\w*|hang (myself|him|her)|drown\w*|crash\w*
    driv\w+ (\w+ ){0,5}(into|off)|die|dead|poison\w*|revenge|get (back at|even|him|her|them)
    show (him|her|them|you all)
    regret|suffer\w*|gun|knife|rope|pills|tablets|(all|every one of) (of )?(them|the)
    cut (myself|my|him|her|deeper)|starv\w+|purge|teach (him|her|them) a lesson|make (him|her|them)
    drink(ing)?|drunk|high|score|quit (taking|my)|blood
"""
# What may follow an action in the same sentence without being part of it.
TAG = r"""
    (okay|ok|all right|alright|right|yes|if you can|you know|could you|can you do that)$
    if thats (ok|okay|all right|fine)$
    (would that (be|work)|does that (sound|work|feel|make sense))( \w+){0,3}$|how does that (sound|feel)$
    is that (still )?(right|ok|okay|fair|doable)$|(what )?do you think$
"""
# Hesitations, and what is said twice because of them.
FILLER = r"(?:,\s*)?\b(?:um+|uh+|erm?|hmm+)\b,?"
REPEATED = r"\b(\w+),? (?=\1\b)"
# Begins a clause that is no longer part of the action.
AFTERTHOUGHT = (
    r",? (?:and )?(?:then )?(?:tell|let|show|send) me\b|, if you (?:like|want|can|wish)\b|,? so that\b"
    r"|, (?:because|since)\b"
    r"|,? and (?:then )?we(?:'ll| will| can|'re)?\b|, which\b|, that way\b"
)
# Asked for the conversation itself, whatever the time.
ALWAYS_NOW = ("ask me", "tell me about", "describe", "help me", "explain", "tell me what", "say you")
_LOOSE_ENDS = (
    "the a an to and or of with that your my our their his her its for but so because if when at in on by from"
)
DANGLING = frozenset(_LOOSE_ENDS.split())
