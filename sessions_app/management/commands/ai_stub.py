"""Run the OpenAI-compatible stub."""

import signal
import threading
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sessions_app.management.ai_stub.server import Stub, load_truth


class Command(BaseCommand):
    """Serves until SIGINT or SIGTERM, on 127.0.0.1 only."""

    help = "Serve a stub of the OpenAI API on this machine, for demonstrations and tests."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8099, help="0 picks a free port")
        parser.add_argument("--print-port", action="store_true", help="print only the port")
        parser.add_argument("--truth", type=Path, help="JSON file with a list of {start, end, speaker, text} to return")

    def handle(self, *args: Any, **options: Any) -> None:
        stub = self._stub(options["port"], options["truth"])

        def stop(_signal: int, _frame: object) -> None:
            stub.stopping.set()
            threading.Thread(target=stub.shutdown).start()  # shutdown waits for the loop, which runs in this thread

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        port_line = str(stub.server_port)
        self.stdout.write(port_line if options["print_port"] else f"OPENAI_BASE_URL={stub.base_url}")
        self.stdout.flush()
        with stub:
            stub.serve_forever()

    def _stub(self, port: int, truth: Path | None) -> Stub:
        try:
            return Stub(load_truth(truth) if truth else (), port)
        except (OSError, ValueError, KeyError, OverflowError) as error:
            message = f"The stub cannot start: {error}"
            raise CommandError(message) from error
