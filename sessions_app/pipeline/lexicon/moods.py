"""What a patient says of their mood; patterns over folded words."""

MOODS = {
    "low": r"""
    low|down|sad|depress\w*|miserable|hopeless|awful|terrible|horrible|dreadful|bad(ly)?|rough|flat|empty|numb
    worse|worst
    tearful|crying|cried|lonely|unhappy|gloomy|rubbish|dark|exhausted|drained|overwhelmed|anxious|worthless|heavy
    struggling
    """,
    "neutral": r"okay|all right|alright|so so|fine|average|neither|neutral|ordinary|usual|middling|in between|steady",
    "positive": r"""
    good|great|happy|happier|better|well|cheerful|joyful|excited|proud|hopeful|optimistic|calm(er)?|relieved
    wonderful|lovely
    fantastic|amazing|brilliant|content|lighter|enjoy\w*|glad|positive
    """,
}
TRAJECTORIES = {
    "improving": r"better|improv\w+|easier|calmer|lighter|happier|less (anxious|worried|tense|low|sad|scared)|lifted",
    "declining": r"worse\w*|declin\w+|harder|heavier|more (anxious|worried|tense|low|sad|scared)|going down|sinking",
    "stable": r"same|stable|steady|no change|unchanged|as (usual|always|before)|still",
    "fluctuating": r"""
    up and down|ups and downs|fluctuat\w+|some days|good (days )?and bad|comes and goes|in waves|on and off
    swings?|roller ?coaster
    """,
}
STRONG = r"""
    very|really|so|extremely|incredibly|terribl[ey]|awful|horrible|dreadful|worst|hopeless|completely|totally
    never been|best
    wonderful|fantastic|amazing|brilliant|absolutely|unbearabl[ey]|utterly
"""
