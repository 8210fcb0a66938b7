"""A worker whose documents are never drawn to their end."""

import os
from pathlib import Path

from exports.builders import pdf_program
from therapybridge.celery import app

__all__ = ["app"]
READ = "        html = peer.read()\n"
ENDLESS = f"{READ}        while True: pass\n"

endless = Path(os.environ["VAR_DIR"]) / "endless_page.py"
endless.write_text(pdf_program.PROGRAM.read_text().replace(READ, ENDLESS))
pdf_program.PROGRAM = endless
