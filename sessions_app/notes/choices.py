"""The states of notes, and what the reasons of the evidence gate mean to a therapist."""

from django.db import models

TO_CHECK_LABELS = {
    "no_quote": "No words of the transcript are given for it.",
    "quote_elsewhere": "Its quote stands beside the lines it cites.",
    "cut_quote": "The quote leaves out a “not”.",
    "denial": "It says that something was denied; no question and answer show it.",
    "instruction": "It sounds like an instruction; the therapist did not assign it.",
    "own_plan": "The patient's own plan, not an assignment.",
    "treatment": "It changes a treatment.",
    "name": "A name in it does not stand in the lines.",
    "number": "A number in it does not stand in the lines.",
    "unit": "A number in it counts something else in the lines.",
    "mood": "The lines do not say this of the mood.",
    "feeling": "The patient did not name this feeling in the lines.",
    "technique": "The lines do not show this technique.",
    "status": "The lines do not say what was done with it.",
    "speaker": "The words were not said by the person it names.",
    "person": "The lines speak of somebody whom it leaves out.",
    "subject": "In the lines, somebody else says or does this.",
    "content": "Some of its words do not stand in the lines.",
    "lines": "Its words stand beside the lines it cites.",
    "polarity": "The lines may say the opposite.",
    "reality": "The lines speak of it as possible, not as a fact.",
    "empty": "It says too little to be compared.",
    "language": "Only English can be compared word by word.",
    "contradicted": "A second look at the lines contradicts it.",
    "second_pass": "A second look at the lines did not confirm it.",
    "second_pass_failed": "The second look at the lines could not be made.",
    "earlier": "Drafted before the present checks.",
}
REFUSED_LABELS = {
    "no_lines": "cited lines that do not exist",
    "quote": "quoted words that do not stand there",
    "quotation": "quoted words that do not stand there",
    "speaker": "gave somebody else's words",
    "markup": "contained a link or markup",
    "language": "written in another language",
    "risk_level": "stated a level of risk or safety",
    "denial": "denied a risk without question and answer",
    "instruction": "told the patient to do what the therapist did not assign",
    "drug": "named a medicine that nobody mentioned",
    "name": "named a person whom nobody mentioned",
    "protected": "came from lines about risk, for the patient's text",
    "misheard": "quoted what a small model heard, for the patient's text",
    "contradicted": "contradicted by a second look at the lines",
    "unreadable": "could not be read",
    "earlier_check": "removed by an earlier check",
}


class NoteStatus(models.TextChoices):
    """How far a note has come. Signed, amended and archived notes are never changed again."""

    DRAFT = "draft", "Draft"
    COMPLETED = "completed", "Completed"
    SIGNED = "signed", "Signed"
    AMENDED = "amended", "Amended"
    ARCHIVED = "archived", "Archived"


LOCKED = (NoteStatus.SIGNED, NoteStatus.AMENDED, NoteStatus.ARCHIVED)


class SummaryStatus(models.TextChoices):
    """Whether the patient can read a summary; a declined one is kept for therapists alone."""

    DRAFT = "draft", "To review"
    SHARED = "shared", "Shared"
    DECLINED = "declined", "Not shared"
    WITHDRAWN = "withdrawn", "Withdrawn"


class VersionCause(models.TextChoices):
    """Why a version of a note was kept."""

    CREATED = "created", "Created"
    SAVED = "saved", "Saved"
    REGENERATED = "regenerated", "Filled again from the draft"
    TEMPLATE = "template", "Template changed"
    CONFLICT = "conflict", "Written in another tab"
    COMPLETED = "completed", "Completed"
    SIGNED = "signed", "Signed"


class SignatureRole(models.TextChoices):
    """As what a person signs."""

    AUTHOR = "author", "Author"
    SUPERVISOR = "supervisor", "Supervisor"


class ArchiveMove(models.TextChoices):
    """Whether a signed note was filed away or taken out again."""

    ARCHIVED = "archived", "Archived"
    UNARCHIVED = "unarchived", "Taken out of the archive"


class AddendumKind(models.TextChoices):
    """What is added to a signed note: something new, something late, or a correction that the patient asked for."""

    ADDENDUM = "addendum", "Addendum"
    LATE_ENTRY = "late_entry", "Late entry"
    AMENDMENT = "amendment", "Amendment asked for by the patient"


class Approach(models.TextChoices):
    """The school of therapy whose terms a draft may use."""

    CBT = "cbt", "Cognitive behavioural therapy (CBT)"
    ACT = "act", "Acceptance and commitment therapy (ACT)"
    DBT = "dbt", "Dialectical behaviour therapy (DBT)"
    EMDR = "emdr", "EMDR"
    SCHEMA = "schema", "Schema therapy"
    PSYCHODYNAMIC = "psychodynamic", "Psychodynamic therapy"
    PERSON_CENTRED = "person_centred", "Person-centred therapy"
    SYSTEMIC = "systemic", "Systemic and family therapy"
    MOTIVATIONAL = "motivational", "Motivational interviewing"
    INTEGRATIVE = "integrative", "Integrative"


class Density(models.TextChoices):
    """How much a draft says."""

    BRIEF = "brief", "Brief: a summary of 60 to 100 words, at most four items in a list, but every task"
    STANDARD = "standard", "Standard: a summary of 150 to 200 words"
    DETAILED = "detailed", "Detailed: a summary of 250 to 320 words"


class Quotation(models.TextChoices):
    """How many of the patient's own sentences a draft quotes."""

    NONE = "none", "None"
    FEW = "few", "At most two"
    STANDARD = "standard", "At most four"
    MANY = "many", "At most ten"


FIELD_TYPE_LABELS = {
    "text": "One line of text",
    "textarea": "Longer text",
    "select": "One of several options",
    "multiselect": "Any of several options",
    "checkbox": "A box to tick",
    "number": "A number",
    "date": "A date",
    "scale": "A scale",
}
# What of a draft can fill a field.
SOURCE_LABELS = {
    "therapist_summary": "Summary of the session",
    "topic_summary": "What the session was about",
    "key_topics": "Topics",
    "emotional_themes": "Feelings that were named",
    "triggers": "Triggers",
    "significant_quotes": "The patient's own words",
    "session_mood": "Mood",
    "mood_trajectory": "How the mood changed",
    "strategies": "Coping strategies",
    "techniques": "Techniques that you used",
    "breakthrough": "Turning point",
    "action_items": "Homework and agreed steps",
    "unresolved_concerns": "Concerns that stay open",
    "follow_up_topics": "Topics for next time",
}


class WithholdingException(models.TextChoices):
    """On which ground a note may be withheld from its patient.

    45 CFR 164.524(a)(3)(i) and (ii) for `safety` and `other_person`, (a)(2)(v) for `confidence` and (a)(1)(ii) for
    `proceedings`; in the GDPR, Art. 15(4) protects the rights of others. Psychotherapy notes are no case of it:
    they stand apart from the record, as private notes.
    """

    SAFETY = "safety", "Likely to endanger the life or safety of the patient or another person"
    OTHER_PERSON = "other_person", "Refers to another person, who is likely to be substantially harmed"
    CONFIDENCE = "confidence", "Would reveal who told something in confidence"
    PROCEEDINGS = "proceedings", "Written for legal proceedings"


# What the patient is told. Nothing of the note, nor of the reason, follows from it.
WITHHELD_PLAINLY = {
    WithholdingException.SAFETY: "Your therapist believes that reading it now could endanger somebody.",
    WithholdingException.OTHER_PERSON: "It speaks of another person, who could come to serious harm.",
    WithholdingException.CONFIDENCE: "It would show who told us something in confidence.",
    WithholdingException.PROCEEDINGS: "It was written for legal proceedings.",
}


class AmendmentStatus(models.TextChoices):
    """How far a patient's request for a correction has come."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    DENIED = "denied", "Denied"


class DenialGround(models.TextChoices):
    """On which ground a correction may be denied: 45 CFR 164.526(a)(2)(iv), (i), (ii) and (iii)."""

    ACCURATE = "accurate", "The note is accurate and complete"
    NOT_OURS = "not_ours", "Someone else wrote it, who can still be asked"
    NOT_OF_RECORD = "not_of_record", "It is not part of the record that decisions rest on"
    NOT_OPEN = "not_open", "The patient has no right to read it"


# What the patient is told.
DENIED_PLAINLY = {
    DenialGround.ACCURATE: "In our view the note is right and complete as it stands.",
    DenialGround.NOT_OURS: "Someone else wrote this, and you can ask them.",
    DenialGround.NOT_OF_RECORD: "This is not part of the record that decisions about you rest on.",
    DenialGround.NOT_OPEN: "This is something that you cannot read at present, so it cannot be corrected on request.",
}

# Headings of the product's templates, and of copies of them, in words for the patient; any other stands as it is.
HEADINGS_PLAINLY = {
    # Sections
    "Subjective": "From your side",
    "Objective": "From your therapist's side",
    "Assessment": "How your therapist sees it",
    "Plan": "What comes next",
    "Data": "What happened",
    "Behaviour": "From your side",
    "Intervention": "What you did together",
    "Response": "How it went for you",
    "Goal": "What it was about",
    "Problem": "What it was about",
    "Evaluation": "How it went",
    "Target": "What you worked on",
    "Ratings": "How strong it felt",
    "Processing": "How the work went",
    "Closure": "How the session ended",
    "Presenting concern": "What brought you here",
    "History": "Your history",
    "Risk": "Safety",
    "Impression and plan": "First impression and what comes next",
    "Course of treatment": "Your treatment",
    "At the end": "At the end of your treatment",
    "Afterwards": "What comes after",
    # Fields
    "What the patient reports": "What you told your therapist",
    "What you observed": "What your therapist noticed",
    "What was said and observed": "What was said, and what your therapist noticed",
    "Interventions": "What your therapist did",
    "What you did": "What your therapist did",
    "Clinical impression and progress": "Your therapist's impression, and your progress",
    "What the patient presented": "What you brought, and how you seemed",
    "How the patient responded": "How you responded",
    "Goal that this session served": "Your goal in this session",
    "What the patient brought": "What you brought",
    "Problem addressed": "What you worked on",
    "Outcome and what follows": "What came of it, and what follows",
    "Phases worked on": "Steps of EMDR that you worked on",
    "Worst part or image": "The worst part or picture of it",
    "Negative cognition": "What you believed about yourself",
    "Positive cognition": "What you would rather believe about yourself",
    "Emotions": "Feelings",
    "Where it is felt in the body": "Where you felt it in your body",
    "SUD before (0 to 10)": "How much it disturbed you before (0 to 10)",
    "SUD after (0 to 10)": "How much it disturbed you afterwards (0 to 10)",
    "VoC before (1 to 7)": "How true the better belief felt before (1 to 7)",
    "VoC after (1 to 7)": "How true the better belief felt afterwards (1 to 7)",
    "Bilateral stimulation": "Movements, sounds or taps that were used",
    "Course of processing": "How it went",
    "The target was processed completely": "You came to the end with it",
    "Closure and containment": "How you came to rest at the end",
    "What brings the patient": "Why you came",
    "Symptoms, onset and course": "What troubles you, since when, and how it changed",
    "Previous treatment and hospital stays": "Earlier treatment and hospital stays",
    "Medical history and medication": "Your health and medicines",
    "Family and development": "Your family and growing up",
    "Work, school, housing, relationships, supports": "Work, school, home, relationships, and who supports you",
    "Your judgement of risk and what you did": "How safe your therapist thought you were, and what was done",
    "What the patient wants to change": "What you want to change",
    "Confidentiality and its limits were explained": "What stays between you and your therapist was explained",
    "Focus of the session": "What it was about",
    "Response and progress": "How you responded, and your progress",
    "Reason": "Why it ended",
    "Problems treated and work done": "What you worked on",
    "State at the end": "How you were at the end",
    "Aftercare, referrals, agreements": "Help from now on, and what was agreed",
    "How the patient can come back": "How you can come back",
}
