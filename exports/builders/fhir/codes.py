"""Code systems, and the codes of FHIR for choices of ours.

Looked up in FHIR R4 (4.0.1): the value sets security-labels, goal-status, request-status, consent-state-codes and
relatedperson-relationshiptype. LOINC codes: those of totals in the value set prom-target-measures of HL7's guide PCO,
that of notes in US Core. Where no published code is certain, the code is our own.
"""

from typing import Any

OURS = "urn:therapybridge:fhir:"
TERMS = "http://terminology.hl7.org/CodeSystem/"
ACT_CODE = TERMS + "v3-ActCode"
CONFIDENTIALITY = TERMS + "v3-Confidentiality"
OBSERVATION_VALUE = TERMS + "v3-ObservationValue"
LOINC = "http://loinc.org"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
UCUM = "http://unitsofmeasure.org"
SIGNATURE_TYPES = "urn:iso-astm:E1762-95:2013"
URI = "urn:ietf:rfc:3986"

Json = dict[str, Any]


def coding(system: str, code: str, display: str = "") -> Json:
    """A code of a system."""
    return {"system": system, "code": code, "display": display}


def concept(system: str, code: str, display: str = "") -> Json:
    """A code, and its words."""
    return {"coding": [coding(system, code, display)], "text": display}


def ours(system: str, code: str, display: str = "") -> Json:
    """A code of our own."""
    return concept(f"{OURS}code:{system}", code, display or code.replace("_", " "))


# Everything here is about mental health, which R (restricted) stands for; V is what people are most exposed by.
RESTRICTED = coding(CONFIDENTIALITY, "R", "restricted")
VERY_RESTRICTED = coding(CONFIDENTIALITY, "V", "very restricted")
MENTAL_HEALTH = coding(ACT_CODE, "MH", "mental health information sensitivity")
PSYCHOTHERAPY_NOTE = coding(ACT_CODE, "PSYTHPN", "psychotherapy note information sensitivity")
PSYCHOTHERAPY_LAW = coding(ACT_CODE, "HIPAAPsyNotes", "HIPAA psychotherapy notes")
PART_2 = coding(ACT_CODE, "42CFRPart2", "42 CFR Part2")
NO_REDISCLOSURE = coding(ACT_CODE, "NORDSCLCD", "no redisclosure without consent directive")
REDACTED = coding(OBSERVATION_VALUE, "REDACTED", "redacted")

# Totals of questionnaires by the key of the questionnaire.
TOTALS = {
    "phq-9": coding(LOINC, "44261-6", "Patient health questionnaire 9 item (PHQ-9) total score"),
    "gad-7": coding(LOINC, "70274-6", "Generalized anxiety disorder 7 item (GAD-7) total score"),
}
PROGRESS_NOTE = coding(LOINC, "11506-3", "Progress note")
CLASSES = {
    "in_person": coding(ACT_CODE, "AMB", "ambulatory"),
    "video": coding(ACT_CODE, "VR", "virtual"),
    "phone": coding(ACT_CODE, "VR", "virtual"),
}
PLAN_STATES = {
    "draft": "draft",
    "active": "active",
    "on_hold": "on-hold",
    "completed": "completed",
    "discontinued": "revoked",
}
GOAL_STATES = {
    "not_started": "planned",
    "in_progress": "active",
    "achieved": "completed",
    "modified": "cancelled",
    "discontinued": "cancelled",
}
MILESTONE_STATES = {
    "pending": "not-started",
    "in_progress": "in-progress",
    "achieved": "completed",
    "discontinued": "cancelled",
}
CONSENT_STATES = {"granted": "active", "declined": "rejected", "revoked": "inactive", "expired": "inactive"}
CONSENT_SCOPES = {
    "treatment": coding(TERMS + "consentscope", "treatment", "Treatment"),
    "research": coding(TERMS + "consentscope", "research", "Research"),
}
PRIVACY = coding(TERMS + "consentscope", "patient-privacy", "Privacy Consent")
SIGNATURES = {
    "author": coding(SIGNATURE_TYPES, "1.2.840.10065.1.12.1.1", "Author's Signature"),
    "supervisor": coding(SIGNATURE_TYPES, "1.2.840.10065.1.12.1.5", "Verification Signature"),
}
AUTHOR = concept(TERMS + "provenance-participant-type", "author", "Author")
VERIFIER = concept(TERMS + "provenance-participant-type", "verifier", "Verifier")
