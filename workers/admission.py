"""Which repositories a tenant may name: one answer for whoever submits a job and for the worker that takes its code."""

from storage.tenants import MAIN
from tools.git.source import Admission
from workers.settings import Settings


def admission_of(settings: Settings, tenant: str) -> Admission:
    """Which sources a tenant may name; git's own credential helper is asked for the administrator alone."""
    return Admission(local=settings.allow_local_repositories, helper=tenant == MAIN, hosts=settings.source_hosts)
