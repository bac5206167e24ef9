"""A worker in a process of its own, with stages on paper: `python paper_worker.py '{"home": ...}'`."""

import json
import logging
import sys
from pathlib import Path

from paper_stages import MODEL, PaperReports, PaperStages
from pydantic import SecretStr

import agent.prompts.opening
from workers.pace import Pace
from workers.run import run_worker
from workers.settings import Settings


def main() -> int:
    told = json.loads(sys.argv[1])
    agent.prompts.opening.VIEWS = {}  # a measurement would be another one in another run
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(message)s")
    settings = Settings(
        home=Path(told["home"]),
        sandbox="none",
        model=MODEL.name,
        broker_url=SecretStr(told["broker"]) if told["broker"] else None,
        database_url=SecretStr(told["database"]) if told["database"] else None,
    )
    stages = PaperStages(Path(told["folder"]))
    return run_worker(settings, PaperReports(), told["at_once"], stages=stages, pace=Pace(**told["pace"]))


if __name__ == "__main__":
    sys.exit(main())
