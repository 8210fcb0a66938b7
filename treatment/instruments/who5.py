"""WHO-5: how well somebody has felt in the last two weeks."""

from treatment.instruments.definition import Band, Instrument, Option

WHO5 = Instrument(
    key="who-5",
    version=1,
    name="WHO-5",
    plain_name="Well-being questionnaire",
    licence=(
        "World Health Organization, 1998 and 2024, CC BY-NC-SA 3.0 IGO: free to use with this attribution, not to be "
        "sold."
    ),
    source="Topp CW, Østergaard SD, Søndergaard S, Bech P. Psychother Psychosom 2015;84:167-176.",
    instruction=(
        "For each of the five statements, choose which is closest to how you have been feeling over the last two weeks."
    ),
    items=(
        "I have felt cheerful and in good spirits",
        "I have felt calm and relaxed",
        "I have felt active and vigorous",
        "I woke up feeling fresh and rested",
        "My daily life has been filled with things that interest me",
    ),
    options=(
        Option(5, "All of the time"),
        Option(4, "Most of the time"),
        Option(3, "More than half of the time"),
        Option(2, "Less than half of the time"),
        Option(1, "Some of the time"),
        Option(0, "At no time"),
    ),
    highest=25,
    factor=4,  # a percentage
    better="higher",
    # 50 or less: screen for depression; 28 or less: as in major depression (Topp 2015).
    bands=(
        Band(0, "very low well-being"),
        Band(29, "low well-being"),
        Band(51, "no sign of low well-being"),
    ),
)
