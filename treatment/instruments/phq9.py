"""PHQ-9: how much depression somebody has had in the last two weeks."""

from treatment.instruments.definition import Band, Instrument
from treatment.instruments.frequency import BOTHERED, LAST_TWO_WEEKS

PHQ9 = Instrument(
    key="phq-9",
    version=1,
    name="PHQ-9",
    plain_name="Mood questionnaire",
    licence=(
        "Developed by Spitzer, Williams, Kroenke and colleagues with a grant from Pfizer. No permission is needed to "
        "reproduce, translate, display or distribute it."
    ),
    source="Kroenke K, Spitzer RL, Williams JBW. J Gen Intern Med 2001;16:606-613.",
    instruction=BOTHERED,
    items=(
        "Little interest or pleasure in doing things",
        "Feeling down, depressed, or hopeless",
        "Trouble falling or staying asleep, or sleeping too much",
        "Feeling tired or having little energy",
        "Poor appetite or overeating",
        "Feeling bad about yourself - or that you are a failure or have let yourself or your family down",
        "Trouble concentrating on things, such as reading the newspaper or watching television",
        (
            "Moving or speaking so slowly that other people could have noticed? Or the opposite - being so fidgety "
            "or restless that you have been moving around a lot more than usual"
        ),
        "Thoughts that you would be better off dead or of hurting yourself in some way",
    ),
    options=LAST_TWO_WEEKS,
    highest=27,
    better="lower",
    bands=(
        Band(0, "minimal"),
        Band(5, "mild"),
        Band(10, "moderate"),
        Band(15, "moderately severe"),
        Band(20, "severe"),
    ),
    most_missing=2,  # Instruction manual for the PHQ and GAD-7 measures: up to two take the mean of the others
    risk_item=9,
)
