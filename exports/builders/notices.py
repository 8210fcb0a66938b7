"""What is said beside a record, whatever its form."""

# 42 CFR 2.32(a)(2), the short form.
PART_2 = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
# What a copy for the patient leaves out, so that it does not pass for everything.
SHARED = (
    "This copy holds what your practice shares with you. It keeps more than that, such as transcripts, drafts, notes "
    "that are not signed, what was noted of your health, and reviews of possible risk. Ask your practice if you want "
    "it."
)
