"""Phrases that mark kinds of sentences: one pattern per line, over folded words (lower case, no apostrophes)."""

# The status of a technique; patterns are tried in this order.
STRATEGY_STATUS = {
    "reviewed": r"""
    (how|did|have) (did|was|has|have|you) (\w+ ){0,8}(go|going|try|tried|practi[sc]\w+|do|use|work)
    since last (week|time)|last week|you (said|told me) you (tried|would)
    i (tried|did|used|practi[sc]ed|have been doing)|ive been (doing|using|trying)
    """,
    "assigned": r"""
    homework|this week|next week|between now and|before (our )?next|at home|every (day|night|morning|evening)
    (id|i would) like you to|(could|can|will) you (try|practi[sc]e|keep|write|do)|try (to|it|this)
    """,
    "practiced": r"""
    lets (try|do|practi[sc]e|start|take)|right now|with me|close your eyes|breathe (in|out)|as we sit
    """,
    "introduced": r"""
    (its|is|thats) called|known as|(a|one) (technique|exercise|strategy|skill|tool)|(heard of|idea of|idea is)
    (we|you) (could|can|might)|what about|how about|id like to (show|introduce|teach|explain)|(teach|show) you
    """,
}
TRIGGER = r"""
    when(ever)? (\w+ ){1,12}(i|it makes me) (\w+ )?(feel|felt|get|got|panic|panicked|freeze|froze|snap|cry|spiral)
    (makes|made) me (\w+ )?(feel|anxious|angry|panic|nervous|sad|scared|furious|upset|worried|cry|want to)
    (sets|set) (me|it) off|trigger(s|ed|ing)? (me|it|my)|every time
"""
# Severity is taken only from the speaker's own words.
INTENSITY = {
    "severe": r"""
    unbearable|overwhelm\w+|terrif\w+|extreme\w*|panic\w*|worst|completely|cant (cope|function|breathe)
    awful|horribl\w+|furious|devastat\w+
    """,
    "moderate": r"really|very|pretty|quite|so (anxious|angry|nervous|sad|scared|upset|worried|tense|low)|a lot",
    "mild": r"a (little|bit|little bit)|slightly|somewhat|mildly|kind of|sort of",
}
COMMITMENT = r"""
    (ill|i will|im going to|i am going to|im gonna) (?!(be|have|never|not|die|kill|always|probably|just)\b)\w+
    (ive decided to|i plan to|i promise to|i can try to|i could try) \w+
"""
ASSIGNMENT = r"""
    homework|your task|between (now|sessions)|before (we meet again|our next session|next time|next session)
    (this|next|over the|in the coming) week (could|can|would|will|try|i want you|id like you)
    (could|can|would) you (try|practi[sc]e|keep|write|notice|start|commit|do|bring|call|make) \w+
    (id|i would) (like|want|encourage) you to \w+|(i want|im asking) you to \w+|try to \w+ \w+
"""
# Ways in which a therapist sets or proposes something, beside those of ASSIGNMENT.
SUGGESTION = r"""
    lets \w+|how about|what about|why dont you|id suggest|i (would )?(suggest|recommend)|my suggestion
    you (could|can|might) (try|start|keep|write)
    (would|could|can|will) you (be willing to|like to|want to)|i want us to|id love you to
    (your|the) (homework|task|exercise|assignment)
    (this|next|over the|in the coming|by next|until next) week|before (our|the) next|between (now|sessions)
    every (day|night|morning|evening)
    (when|if) (\w+ ){1,8}(try|use|do|call|write|take|go|breathe|count)|please \w+|make sure|remember to
    keep (on |up )?\w+ing|practi[sc]e
"""
FOLLOW_UP = r"""
    next (time|session|week) (we|lets|id|i|you|can)|in (our|the) next session|follow up on
    (come|get|go|circle) back to (that|this|it|the)|pick (this|that|it) up|(continue|return to) (this|that|it|next)
    (talk|speak) (more )?about (that|this|it) (next|another|again|more)
"""
CONCERN = r"""
    i (still )?(dont|do not) know (how|what|if|whether|why|when)|im (still |so |really )?(worried|afraid|not sure)
    i (still )?(cant|cannot|can not) (\w+ )?(stop|seem|get|sleep|understand|decide|forgive|let|talk|tell|trust)
    i keep (worrying|thinking|wondering)|it still (bothers|hurts|upsets)|what if|i worry
    nothing (helps|works|is working|has changed)|im (still )?(struggling|stuck)
"""
