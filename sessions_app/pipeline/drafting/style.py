"""How a therapist wants drafts to be written. It steers amount and wording, never what may be claimed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sessions_app.pipeline.drafting.schema import LIST_FIELDS, ExtractedNotes, within_words

Density = Literal["brief", "standard", "detailed"]
Quotation = Literal["none", "few", "standard", "many"]
MODALITIES: Mapping[str, str] = {
    "cbt": "cognitive behavioural therapy",
    "act": "acceptance and commitment therapy",
    "dbt": "dialectical behaviour therapy",
    "emdr": "EMDR",
    "schema": "schema therapy",
    "psychodynamic": "psychodynamic therapy",
    "person_centred": "person-centred therapy",
    "systemic": "systemic and family therapy",
    "motivational": "motivational interviewing",
    "integrative": "an integrative approach",
}
# Words of the therapist's summary: what is asked for, and where it is cut.
SUMMARY_WORDS: Mapping[Density, tuple[str, int]] = {
    "brief": ("60 to 100", 120),
    "standard": ("150 to 200", 220),
    "detailed": ("250 to 320", 350),
}
LIST_ITEMS: Mapping[Density, int] = {"brief": 4, "standard": 20, "detailed": 20}
QUOTES: Mapping[Quotation, int] = {"none": 0, "few": 2, "standard": 4, "many": 10}
# A draft may be short, but it leaves out no task that was agreed on and no phrase to review.
_NEVER_CUT = frozenset({"action_items", "risk_flags", "significant_quotes"})


@dataclass(frozen=True, slots=True)
class Style:
    """One therapist's preferences; `wording` is theirs, in their own words. The default changes nothing."""

    modality: str = ""
    density: Density = "standard"
    quotation: Quotation = "standard"
    wording: str = ""

    @property
    def most_quotes(self) -> int:
        """Significant quotes of a draft."""
        return QUOTES[self.quotation]


DEFAULT = Style()


def shaped(notes: ExtractedNotes, style: Style) -> ExtractedNotes:
    """No more of each kind than the style wants; the engine was asked for it, but not every model counts."""
    lists = [name for name in LIST_FIELDS if name not in _NEVER_CUT]
    changes: dict[str, object] = {name: getattr(notes, name)[: LIST_ITEMS[style.density]] for name in lists}
    changes["significant_quotes"] = notes.significant_quotes[: style.most_quotes]
    statements = within_words(notes.therapist_summary.statements, SUMMARY_WORDS[style.density][1])
    changes["therapist_summary"] = notes.therapist_summary.model_copy(update={"statements": statements})
    return notes.model_copy(update=changes)
