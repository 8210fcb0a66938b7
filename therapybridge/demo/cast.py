"""The people of the demonstration clinic. Every name, number and story is invented."""

from therapybridge.demo.script import Happening, Meeting, Patient

DOMAIN = "demo.example"
TIME_ZONE = "America/New_York"
JURISDICTION = "US-NY"
THERAPIST, SECOND_THERAPIST, ADMIN = (f"{name}@{DOMAIN}" for name in ("therapist", "therapist2", "admin"))

# E-mail, first name, last name, role.
STAFF = (
    (THERAPIST, "Hannah", "Lindqvist", "therapist"),
    (SECOND_THERAPIST, "Marcus", "Adeyemi", "therapist"),
    (ADMIN, "Ruth", "Feldman", "admin"),
)

ELENA = Patient(
    first_name="Elena",
    last_name="Marchetti",
    email=f"patient@{DOMAIN}",
    therapist=THERAPIST,
    profile={
        "date_of_birth": "1989-04-17",
        "phone": "(212) 555-0143",
        "address": "18 Linden Court, Apt. 4B, New York, NY",
        "emergency_contact": "Carla Marchetti (sister), (212) 555-0178",
        "medical_history": "Heart examined twice after the first panic attack, without findings. No allergies known.",
        "tags": ["panic", "exposure"],
    },
    words={
        "train": "train",
        "station": "station",
        "friend": "Nora",
        "sister": "Carla",
        "struggle": "the train",
        "busy_with": "my fear",
        "earlier": "panic",
        "beginning": "the panic started",
    },
    slot="10:00",
    meetings=(
        Meeting("panic_first_meeting"),
        Meeting("panic_cycle", weeks=1),
        Meeting("breathing_practice", weeks=1),
        Meeting("thoughts_on_trial", weeks=1),
        Meeting("sensations_are_safe", weeks=2),
        Meeting("building_the_ladder", weeks=2),
        Meeting("first_ride", weeks=2),
        Meeting("sleep_wind_down", weeks=2),
        Meeting("work_deadline", weeks=2),
        Meeting("ride_alone", weeks=2),
        Meeting("sister_boundary", weeks=3),
        Meeting("sister_said_okay", weeks=2),
        Meeting("setback", weeks=1),
        Meeting("a_dark_evening", weeks=1),
        Meeting("after_the_dark_evening", weeks=1),
        Meeting("kinder_voice", weeks=2),
        Meeting("sleep_better", weeks=2),
        Meeting("rush_hour", weeks=3),
        Meeting("what_matters", weeks=2),
        Meeting("worry_time", weeks=3),
        Meeting("the_long_trip", weeks=3),
        Meeting("keeping_it", weeks=3),
    ),
    happenings=(
        Happening(
            1,
            "diagnosis",
            "Panic disorder with avoidance of public transport",
            "Working diagnosis after the first meeting; heart examined by the family doctor without findings.",
        ),
        Happening(2, "assessment", "GAD-7: 15", "Severe range.", metadata={"instrument": "GAD-7", "score": 15}),
        Happening(3, "treatment_plan", "Plan agreed: breathing, thought records, graded exposure"),
        Happening(
            4,
            "medication",
            "Sertraline 50 mg started by the family doctor",
            "Taken in the morning. Reviewed by the family doctor every three months.",
            days=5,
        ),
        Happening(6, "goal", "Ride the train to work", "The first of the two goals that were written down together."),
        Happening(7, "milestone", "First ride with a friend", "One stop.", importance="milestone", days=-1),
        Happening(11, "assessment", "GAD-7: 9", "Mild range.", metadata={"instrument": "GAD-7", "score": 9}),
        Happening(13, "external_event", "Train stopped in a tunnel for six minutes", days=-3, importance="high"),
        Happening(
            14,
            "note",
            "Safety plan in place, sister informed",
            "Thoughts were passive, without plan or intent. Asked again in every session since. For the treating "
            "therapist only.",
            importance="critical",
            is_private=True,
            days=0,
        ),
        Happening(21, "milestone", "Two hours by train to the coast", importance="milestone", days=-2),
        Happening(22, "assessment", "GAD-7: 5", "Mild range.", metadata={"instrument": "GAD-7", "score": 5}, days=0),
    ),
    awaiting_approval=1,
)

SAMUEL = Patient(
    first_name="Samuel",
    last_name="Whitfield",
    email="",
    therapist=THERAPIST,
    profile={
        "date_of_birth": "1974-11-02",
        "phone": "(212) 555-0119",
        "emergency_contact": "Joan Whitfield (sister), (212) 555-0120",
        "tags": ["grief"],
    },
    words={
        "train": "train",
        "station": "station",
        "friend": "Miriam",
        "sister": "Joan",
        "struggle": "the workshop",
        "busy_with": "being strong",
        "earlier": "only the sadness",
        "beginning": "the funeral",
    },
    slot="14:00",
    weekday_shift=1,
    meetings=(
        Meeting("grief_first_meeting"),
        Meeting("sleep_wind_down", weeks=1),
        Meeting("grief_and_guilt"),
        Meeting("grief_the_workshop"),
        Meeting("sleep_better"),
        Meeting("sister_boundary"),
        Meeting("sister_said_okay"),
        Meeting("kinder_voice"),
        Meeting("worry_time"),
        Meeting("what_matters"),
        Meeting("grief_his_birthday"),
        Meeting("grief_the_key", weeks=1),
    ),
    happenings=(
        Happening(1, "external_event", "Death of his father", days=-90, importance="high"),
        Happening(2, "assessment", "PHQ-9: 13", "Moderate range.", metadata={"instrument": "PHQ-9", "score": 13}),
        Happening(4, "milestone", "Opened the workshop together with his sister", importance="milestone", days=4),
        Happening(
            6,
            "note",
            "Sister would like to be invited once",
            "Asked on the phone. To be raised with him when the house is sold.",
            is_private=True,
        ),
        Happening(10, "assessment", "PHQ-9: 6", "Mild range.", metadata={"instrument": "PHQ-9", "score": 6}),
    ),
    awaiting_approval=1,
    last_failed=True,
)

MARIA = Patient(
    first_name="Maria Fernanda",
    last_name="de Oliveira Santos-Vasconcelos",
    email="",
    therapist=THERAPIST,
    profile={"date_of_birth": "1982-07-29", "phone": "(646) 555-0164", "tags": ["burnout", "perfectionism"]},
    words={
        "train": "train",
        "station": "station",
        "friend": "Beatriz",
        "sister": "Luciana",
        "struggle": "the office",
        "busy_with": "my inbox",
        "earlier": "only work",
        "beginning": "the reorganization",
    },
    slot="11:30",
    ended_weeks_ago=3,
    weekday_shift=2,
    meetings=(
        Meeting("burnout_first_meeting"),
        Meeting("good_enough", weeks=1),
        Meeting("sleep_wind_down"),
        Meeting("work_deadline"),
        Meeting("sister_boundary"),
        Meeting("sister_said_okay"),
        Meeting("kinder_voice", weeks=3),
        Meeting("what_matters", weeks=3),
    ),
    happenings=(
        Happening(3, "goal", "Back to the choir", "One evening a week that belongs to singing."),
        Happening(5, "medication", "Vitamin D, recommended by the family doctor", importance="low"),
        Happening(7, "milestone", "First choir rehearsal in a year", importance="milestone", days=3),
    ),
    has_revoked_ai=True,
)

JUN = Patient(
    first_name="Jun",
    last_name="Park",
    email=f"patient2@{DOMAIN}",
    therapist=SECOND_THERAPIST,
    profile={"date_of_birth": "1996-01-08", "phone": "(917) 555-0131", "tags": ["panic"]},
    words={
        "train": "subway",
        "station": "station",
        "friend": "Tessa",
        "sister": "Mina",
        "struggle": "the subway",
        "busy_with": "my fear",
        "earlier": "panic",
        "beginning": "the panic started",
    },
    slot="16:30",
    meetings=(
        Meeting("panic_first_meeting"),
        Meeting("panic_cycle", weeks=1),
        Meeting("breathing_practice", weeks=1),
        Meeting("thoughts_on_trial"),
        Meeting("sensations_are_safe"),
        Meeting("building_the_ladder"),
        Meeting("first_ride"),
        Meeting("ride_alone"),
        Meeting("setback", weeks=1),
        Meeting("rush_hour", weeks=3),
    ),
    happenings=(
        Happening(2, "assessment", "GAD-7: 12", "Moderate range.", metadata={"instrument": "GAD-7", "score": 12}),
        Happening(8, "milestone", "First ride alone", importance="milestone", days=-1),
    ),
)

PATIENTS = (ELENA, SAMUEL, MARIA, JUN)
