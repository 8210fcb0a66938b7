"""Questionnaires: one file for each whose text may be used here, with its licence and source."""

from types import MappingProxyType

from treatment.instruments.definition import (
    RISK_ITEM_MISSING,
    Answers,
    Band,
    Instrument,
    Option,
    Reliability,
    Score,
    Subscale,
)
from treatment.instruments.entered import AUDIT, BAI, BDI2
from treatment.instruments.gad7 import GAD7
from treatment.instruments.pcl5 import PCL5
from treatment.instruments.phq9 import PHQ9
from treatment.instruments.session_check import SESSION_CHECK
from treatment.instruments.who5 import WHO5

__all__ = [
    "INSTRUMENTS",
    "RISK_ITEM_MISSING",
    "Answers",
    "Band",
    "Instrument",
    "Option",
    "Reliability",
    "Score",
    "Subscale",
]

INSTRUMENTS = MappingProxyType({one.key: one for one in (PHQ9, GAD7, PCL5, WHO5, SESSION_CHECK, BDI2, BAI, AUDIT)})
