"""What the law wants to be said beside a record."""

# 42 CFR 2.32(a)(2), the short form.
PART_2 = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
