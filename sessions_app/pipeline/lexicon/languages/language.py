"""What the evidence checks know of a language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sessions_app.pipeline.lexicon.measures import Measure
from sessions_app.pipeline.lexicon.subjects import Subjects

NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, eq=False, kw_only=True)
class Language:
    """Words and patterns of one language; words are folded, patterns search folded text unless told otherwise."""

    code: str  # ISO 639-1
    # Words
    stemmer: str  # of snowballstemmer
    unstemmed: frozenset[str] = frozenset()  # a stem would make one person of two: "hijo" and "hija"
    thesaurus: str  # folder of groups of synonyms and irregular forms
    inserts: frozenset[str]  # may stand inside a phrase of the thesaurus
    accented: Mapping[str, str] = field(default_factory=dict)  # words that only an accent tells from others
    phrases: Mapping[str, str]  # said in several words, compared as one
    glue: frozenset[str]
    drugs: frozenset[str]
    negators: frozenset[str]
    only: frozenset[str]  # after a negator, not a negation
    late_no: frozenset[str]  # takes back what stands before it in the clause
    nearly: frozenset[str]  # negators that are none before a number and what follows
    all_of_it: frozenset[str]
    scope_ends: frozenset[str]
    joins: frozenset[str]  # end a negation before these:
    opens_clause: frozenset[str]
    new_subject: frozenset[str]  # begins a clause of its own, unless after a raising verb
    raising: frozenset[str]
    stops: frozenset[str] = frozenset()  # negators that may be a place, told by the word before
    before_a_stop: frozenset[str] = frozenset()
    at_a_stop: re.Pattern[str] = NOTHING
    difficulty: frozenset[str]
    difficulty_links: frozenset[str]  # between a difficulty and what is difficult
    hindered: re.Pattern[str]  # the word before and the verb: what is difficult
    number_words: Mapping[str, int] | None = None  # None: those of the module of numbers
    number_joins: frozenset[str] = frozenset()  # between tens and units
    ones: frozenset[str] = frozenset()  # articles that are the number one, too
    measures: Mapping[str, Measure]
    amounts: Mapping[str, frozenset[str]]  # said without a number, with the figures that are written for them
    afternoon: re.Pattern[str] = NOTHING  # an hour (group 1) of the second half of the day
    # Meaning
    intended: frozenset[str]
    unreal: frozenset[str]
    fearing: frozenset[str]
    thought: re.Pattern[str]
    kin: str
    subjects: Subjects
    bystanders: str
    telltale: str
    # Clauses of a statement, as written
    clause_break: re.Pattern[str]
    of_therapist: re.Pattern[str]
    of_patient: re.Pattern[str]
    pronoun: re.Pattern[str]
    about: re.Pattern[str]
    asked: re.Pattern[str]
    claiming: re.Pattern[str]
    other_subject: re.Pattern[str]
    addition: re.Pattern[str]
    joint: re.Pattern[str]  # where something may be joined to what was said
    interprets: re.Pattern[str]  # over folded text: diagnoses and conclusions, which are a person's to draw
    side_clause: re.Pattern[str]
    circumstance: re.Pattern[str]
    speaker: re.Pattern[str]  # of a quotation: therapist in group 1, patient in group 2
    speaks_of: re.Pattern[str]  # before a quotation that is only named, whoever said it
    # What is said
    asks: re.Pattern[str]
    asks_you: re.Pattern[str]
    asks_of_a_thing: re.Pattern[str]
    asks_openly: re.Pattern[str]
    sets: re.Pattern[str]
    accepts: re.Pattern[str]
    polite: re.Pattern[str]
    means_to: re.Pattern[str]
    yes: re.Pattern[str]
    no: re.Pattern[str]
    # Denials
    grades_risk: re.Pattern[str]
    safe: re.Pattern[str]
    denies: re.Pattern[str]
    absent: re.Pattern[str]
    risk: re.Pattern[str]
    limits: re.Pattern[str]  # a denial that keeps the limits of its answer: "no, but"
    hedges: re.Pattern[str]
    presumes: re.Pattern[str]
    # Instructions
    assigns: re.Pattern[str]
    commits: re.Pattern[str]
    told: re.Pattern[str]
    prescribes: re.Pattern[str]  # tells what somebody else than the therapist ordered
    welcomes: re.Pattern[str]  # the beginning of a reply to a plan
    own_view: re.Pattern[str]
    treatment: re.Pattern[str]
    changes: re.Pattern[str]
    imperatives: frozenset[str]
    told_to_patient: frozenset[str] = frozenset()  # instruct only where somebody is spoken to; elsewhere they tell
    openings: frozenset[str]  # may stand before an imperative
    after_a_noun: frozenset[str]  # after these, what looks like an imperative was a noun
    needs: re.Pattern[str]
    names_patient: re.Pattern[str]
    first_person: re.Pattern[str]
    # Labels
    moods: Mapping[str, re.Pattern[str]]
    trajectories: Mapping[str, re.Pattern[str]]
    strong: re.Pattern[str]
    statuses: Mapping[str, re.Pattern[str]]
    intensities: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
