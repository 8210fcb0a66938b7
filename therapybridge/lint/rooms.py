"""An import-linter contract that assigns every module of an app to a room, and orders the rooms."""

from graphlib import CycleError, TopologicalSorter

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

APART = {"migrations", "tests", "conftest", "management"}


class RoomsContract(Contract):
    """Broken by a module without a room, an import from a lower to a higher room, and any import cycle.

    `layers` lists the rooms from high to low, with equal ones on one line; `subjects` are packages of an app with rooms
    of their own.
    """

    type_name = "rooms"

    apps = fields.ListField(subfield=fields.StringField())
    subjects = fields.ListField(subfield=fields.StringField())
    layers = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Assign each module to its room and check its imports."""
        heights = self._heights()
        inside = sorted(module for module in graph.modules if self._is_inside(module))
        rooms = {module: self._room(module) for module in inside}
        homeless = [module for module in inside if rooms[module] not in {"", *heights}]
        upward = [
            f"{module} -> {imported}"
            for module in inside
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if self._app(imported) == self._app(module)
            and heights.get(rooms.get(imported, ""), -1) > heights.get(rooms[module], len(heights))
        ]
        metadata = {"Without a room": homeless, "Upward": upward, "Cycle": _cycle(graph)}
        return ContractCheck(kept=not any(metadata.values()), metadata=metadata)

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line per violation."""
        for title, lines in check.metadata.items():
            for line in lines:
                output.print_error(f"{title}: {line}")

    def _heights(self) -> dict[str, int]:
        layers: list[str] = list(self.layers)  # type: ignore[call-overload]  # a field stands for its value
        return {room.strip(): height for height, layer in enumerate(reversed(layers)) for room in layer.split(":")}

    def _app(self, module: str) -> str:
        return module.partition(".")[0]

    def _is_inside(self, module: str) -> bool:
        return self._app(module) in self.apps and not APART & set(module.split("."))  # type: ignore[operator]

    def _room(self, module: str) -> str:
        """The first name below the app or subject; empty for these two themselves."""
        homes = [home for home in (*self.subjects, *self.apps) if f"{module}.".startswith(f"{home}.")]  # type: ignore[misc]
        return module.removeprefix(max(homes, key=len)).lstrip(".").partition(".")[0]


def _cycle(graph: ImportGraph) -> list[str]:
    """One import cycle as a single line, or nothing."""
    try:
        TopologicalSorter({one: graph.find_modules_directly_imported_by(one) for one in graph.modules}).prepare()
    except CycleError as error:
        return [" -> ".join(error.args[1])]
    return []
