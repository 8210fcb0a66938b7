"""PCL-5: how much somebody was bothered by symptoms of posttraumatic stress in the last month."""

from treatment.instruments.definition import Band, Instrument, Option, Subscale

PCL5 = Instrument(
    key="pcl-5",
    version=1,
    name="PCL-5",
    plain_name="Questionnaire about a stressful experience",
    licence=(
        "Developed by staff of the U.S. Department of Veterans Affairs' National Center for PTSD. In the public "
        "domain, not copyrighted."
    ),
    source=(
        "Weathers FW, Litz BT, Keane TM, Palmieri PA, Marx BP, Schnurr PP. The PTSD Checklist for DSM-5. National "
        "Center for PTSD, 2013."
    ),
    instruction=(
        "Below is a list of problems that people sometimes have in response to a very stressful experience. Keeping "
        "your worst event in mind, how much have you been bothered by each problem in the past month?"
    ),
    items=(
        "Repeated, disturbing, and unwanted memories of the stressful experience?",
        "Repeated, disturbing dreams of the stressful experience?",
        (
            "Suddenly feeling or acting as if the stressful experience were actually happening again (as if you were "
            "actually back there reliving it)?"
        ),
        "Feeling very upset when something reminded you of the stressful experience?",
        (
            "Having strong physical reactions when something reminded you of the stressful experience (for example, "
            "heart pounding, trouble breathing, sweating)?"
        ),
        "Avoiding memories, thoughts, or feelings related to the stressful experience?",
        (
            "Avoiding external reminders of the stressful experience (for example, people, places, conversations, "
            "activities, objects, or situations)?"
        ),
        "Trouble remembering important parts of the stressful experience?",
        (
            "Having strong negative beliefs about yourself, other people, or the world (for example, having thoughts "
            "such as: I am bad, there is something seriously wrong with me, no one can be trusted, the world is "
            "completely dangerous)?"
        ),
        "Blaming yourself or someone else for the stressful experience or what happened after it?",
        "Having strong negative feelings such as fear, horror, anger, guilt, or shame?",
        "Loss of interest in activities that you used to enjoy?",
        "Feeling distant or cut off from other people?",
        (
            "Trouble experiencing positive feelings (for example, being unable to feel happiness or have loving "
            "feelings for people close to you)?"
        ),
        "Irritable behavior, angry outbursts, or acting aggressively?",
        "Taking too many risks or doing things that could cause you harm?",
        "Being “superalert” or watchful or on guard?",
        "Feeling jumpy or easily startled?",
        "Having difficulty concentrating?",
        "Trouble falling or staying asleep?",
    ),
    options=(
        Option(0, "Not at all"),
        Option(1, "A little bit"),
        Option(2, "Moderately"),
        Option(3, "Quite a bit"),
        Option(4, "Extremely"),
    ),
    highest=80,
    better="lower",
    # There are no published ranges of severity, only a cut-point: 31 to 33 is reasonable (National Center for PTSD).
    bands=(
        Band(0, "below the cut-point"),
        Band(31, "at or above the cut-point of 31 to 33"),
    ),
    # An item answered "moderately" or more counts as present (DSM-5 clusters B to E).
    subscales=(
        Subscale("B", "Intrusion", tuple(range(1, 6)), endorsed=1, endorsed_from=2),
        Subscale("C", "Avoidance", (6, 7), endorsed=1, endorsed_from=2),
        Subscale("D", "Negative changes in thoughts and mood", tuple(range(8, 15)), endorsed=2, endorsed_from=2),
        Subscale("E", "Arousal and reactivity", tuple(range(15, 21)), endorsed=2, endorsed_from=2),
    ),
)
