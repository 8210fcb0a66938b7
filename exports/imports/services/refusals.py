"""Why a file is not imported: codes that stay, and sentences for people that quote nothing of the file."""

from therapybridge.core.errors import Unprocessable


class ImportRefused(Unprocessable):
    """The file is not one that can be imported; nothing of it is kept. `place` says where, such as `notes.3.author`."""

    title = "This file cannot be imported"

    def __init__(self, code: str, detail: str, place: str = "") -> None:
        self.place = place
        super().__init__(f"{detail} ({place})" if place else detail, code=code)
