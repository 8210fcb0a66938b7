"""GAD-7: how much anxiety somebody has had in the last two weeks."""

from treatment.instruments.definition import Band, Instrument, Reliability
from treatment.instruments.frequency import BOTHERED, LAST_TWO_WEEKS

GAD7 = Instrument(
    key="gad-7",
    version=1,
    name="GAD-7",
    plain_name="Anxiety questionnaire",
    licence=(
        "Developed by Spitzer, Kroenke, Williams, Löwe and colleagues with a grant from Pfizer. No permission is "
        "needed to reproduce, translate, display or distribute it."
    ),
    source="Spitzer RL, Kroenke K, Williams JBW, Löwe B. Arch Intern Med 2006;166:1092-1097.",
    instruction=BOTHERED,
    items=(
        "Feeling nervous, anxious or on edge",
        "Not being able to stop or control worrying",
        "Worrying too much about different things",
        "Trouble relaxing",
        "Being so restless that it is hard to sit still",
        "Becoming easily annoyed or irritable",
        "Feeling afraid as if something awful might happen",
    ),
    options=LAST_TWO_WEEKS,
    highest=21,
    better="lower",
    bands=(
        Band(0, "minimal"),
        Band(5, "mild"),
        Band(10, "moderate"),
        Band(15, "severe"),
    ),
    most_missing=2,  # Instruction manual for the PHQ and GAD-7 measures: up to two take the mean of the others
    reliability=Reliability(
        0.87,
        5.59,
        (
            "test-retest reliability of .87 after 14 to 28 days and reliable change of 5.59 points, Bischoff T, "
            "Anderson SR, Heafner J, Tambling R. Psychol Community Health 2020;8:176-187; the standard deviation is "
            "calculated from these two (at this reliability it is also 5.59 points)"
        ),
    ),
)
