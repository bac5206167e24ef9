"""A worker as the service has it: with the reports that this room makes."""

from agent.protocols import Blobs
from agent.result import JobResult, JudgeResult
from api.reporting import judgement_of, outcome_of, report_of
from workers.reporting import Reported
from workers.settings import Settings
from workers.tracing.observer import TracingObserver


class Reports:
    """Implements `workers.rounds.Reporting`."""

    def of_job(self, result: JobResult, blobs: Blobs) -> Reported:
        """The report of a job that ran to its end."""
        report = report_of(result, blobs)
        return Reported(detail=outcome_of(report), report=report.model_dump(mode="json"))

    def of_judgement(self, result: JudgeResult, blobs: Blobs) -> Reported:
        """The judgement of one patch."""
        judgement = judgement_of(result, blobs)
        return Reported(detail=judgement.verdict.value, report=judgement.model_dump(mode="json"))


def work(settings: Settings, concurrency: int = 0) -> int:
    """Work on the service's jobs until SIGTERM or Ctrl-C; the exit code. 0 at once means one a core."""
    from workers.run import run_worker  # noqa: PLC0415 - Celery is loaded by workers alone

    return run_worker(settings, Reports(), concurrency, observer=TracingObserver(settings))
