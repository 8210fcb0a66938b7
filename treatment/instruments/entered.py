"""Questionnaires of which only the total is entered: their text belongs to others, or is not needed here."""

from treatment.instruments.definition import Band, Instrument

BDI2 = Instrument(
    key="bdi-ii",
    version=1,
    name="BDI-II",
    plain_name="Depression questionnaire (Beck)",
    licence="Pearson. Copyrighted: use the forms that you have bought; only the total is kept here.",
    source="Beck AT, Steer RA, Brown GK. Manual for the Beck Depression Inventory-II. Psychological Corporation, 1996.",
    highest=63,
    better="lower",
    bands=(
        Band(0, "minimal"),
        Band(14, "mild"),
        Band(20, "moderate"),
        Band(29, "severe"),
    ),
)
BAI = Instrument(
    key="bai",
    version=1,
    name="BAI",
    plain_name="Anxiety questionnaire (Beck)",
    licence="Pearson. Copyrighted: use the forms that you have bought; only the total is kept here.",
    source="Beck AT, Steer RA. Beck Anxiety Inventory Manual. Psychological Corporation, 1993.",
    highest=63,
    better="lower",
    bands=(
        Band(0, "minimal"),
        Band(8, "mild"),
        Band(16, "moderate"),
        Band(26, "severe"),
    ),
)
AUDIT = Instrument(
    key="audit",
    version=1,
    name="AUDIT",
    plain_name="Questionnaire about alcohol",
    licence=(
        "World Health Organization: may be reproduced without permission for purposes that are not commercial; only "
        "the total is kept here."
    ),
    source="Babor TF, Higgins-Biddle JC, Saunders JB, Monteiro MG. AUDIT, second edition. WHO, 2001.",
    highest=40,
    better="lower",
    bands=(
        Band(0, "zone I: education"),
        Band(8, "zone II: simple advice"),
        Band(16, "zone III: advice, brief counselling and monitoring"),
        Band(20, "zone IV: assessment for dependence"),
    ),
)
