"""The shape of an event's metadata, as far as pages and exports read it; there may be more, of any shape."""

from typing import Annotated, Any

from annotated_types import Len
from pydantic import ConfigDict, TypeAdapter
from typing_extensions import TypedDict

from sessions_app.pipeline.drafting.schema import MoodValue

Short = Annotated[str, Len(max_length=300)]


class Metadata(TypedDict, total=False):
    """What is read of it."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]

    topics: Annotated[list[Short], Len(max_length=50)]
    mood: MoodValue | None
    session_id: Short
    plan_id: Short


METADATA: TypeAdapter[Any] = TypeAdapter(Metadata)
