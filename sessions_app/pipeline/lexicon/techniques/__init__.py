"""The technique library: one source for the names in notes and for the interventions of treatment plans."""

from sessions_app.pipeline.lexicon.techniques.behavioural import BEHAVIOURAL
from sessions_app.pipeline.lexicon.techniques.cognitive import COGNITIVE
from sessions_app.pipeline.lexicon.techniques.emotion import EMOTION
from sessions_app.pipeline.lexicon.techniques.entry import EvidenceLevel, TechniqueEntry
from sessions_app.pipeline.lexicon.techniques.experiential import EXPERIENTIAL
from sessions_app.pipeline.lexicon.techniques.mindful import MINDFUL
from sessions_app.pipeline.lexicon.techniques.relational import RELATIONAL
from sessions_app.pipeline.lexicon.techniques.relaxation import RELAXATION
from sessions_app.pipeline.lexicon.techniques.sleep import SLEEP
from sessions_app.pipeline.lexicon.techniques.trauma import TRAUMA

__all__ = ["TECHNIQUES", "EvidenceLevel", "TechniqueEntry"]

TECHNIQUES = (
    *COGNITIVE,
    *BEHAVIOURAL,
    *SLEEP,
    *RELAXATION,
    *TRAUMA,
    *MINDFUL,
    *EMOTION,
    *EXPERIENTIAL,
    *RELATIONAL,
)
