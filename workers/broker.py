"""The broker: Redis by its URL, else a folder of the home. Its messages say which job to look at, and nothing else.

The database owns the state of every job. A message may be lost, come twice or come late: see docs/workers.md.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tools.errors import UserError
from workers.pace import KILLED_AFTER_S, MOST_ROUND_S, VISIBLE_AFTER_S
from workers.place import place_of
from workers.settings import Settings

if TYPE_CHECKING:
    from celery import Celery

WORK = "hasten.work"
"""The task: go on with the job whose id is its only argument."""
OPTIMIZE = "optimize"
"""The queue of jobs that nobody has begun."""
ONGOING = "ongoing"
"""The queue of jobs that any worker may go on with, before new ones."""
POLL_S = 0.05
"""Between two looks into the folder."""
CONNECT_S = 3.0
ANSWER_S = 30.0
"""Longer than a worker waits for its next message."""
_log = logging.getLogger(__name__)


def here(settings: Settings) -> str:
    """The queue of jobs that a worker of this home goes on with sooner than others: everything is built there."""
    return f"{ONGOING}.{place_of(settings.home)}"


def queues_of(settings: Settings) -> tuple[str, ...]:
    """What a worker listens to, the most urgent first."""
    return here(settings), ONGOING, OPTIMIZE


def make_broker(settings: Settings) -> "Celery":
    """The Celery application of these settings, which sends messages and makes workers."""
    from celery import Celery  # noqa: PLC0415 - a quarter of a second that most commands need not spend
    from kombu import Queue  # noqa: PLC0415

    url, options = _transport(settings)
    app = Celery("hasten", broker=url, set_as_current=False)
    app.conf.update(
        broker_transport_options=options,
        broker_connection_timeout=CONNECT_S,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        accept_content=["json"],
        task_serializer="json",
        task_queues=[Queue(name) for name in queues_of(settings)],
        task_default_queue=OPTIMIZE,
        task_create_missing_queues=True,
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        result_backend=None,
        task_acks_late=True,
        task_reject_on_worker_lost=False,  # a sweep frees the job, and counts
        worker_prefetch_multiplier=1,
        worker_cancel_long_running_tasks_on_connection_loss=False,  # the lease says whose job it is, not the broker
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        task_soft_time_limit=MOST_ROUND_S,
        task_time_limit=KILLED_AFTER_S,
    )
    return app


def make_tell(settings: Settings, app: "Celery | None" = None) -> Callable[[str], None]:
    """What tells the broker of a job, once the job is on disk; `Service.tell`."""
    app = app or make_broker(settings)
    _load(app)
    return Teller(settings, app).tell


def _load(app: "Celery") -> None:
    """Load what sending needs, without a connection: else the first request waits half a second for it."""
    app.connection_for_write().transport  # noqa: B018 - each of these is loaded when it is first looked at
    app.amqp.send_task_message  # noqa: B018
    app.backend  # noqa: B018


class Teller:
    """Sends jobs' ids. A broker that is down costs nothing but time: a sweep tells the job again."""

    def __init__(self, settings: Settings, app: "Celery | None" = None) -> None:
        self._settings = settings
        self._app = app

    def tell(self, job_id: str, queue: str = OPTIMIZE) -> None:
        """Tell the workers that listen to the queue to look at a job; what goes wrong is logged."""
        try:
            self.app.send_task(WORK, args=[job_id], queue=queue, retry=False, ignore_result=True)
        except Exception as error:  # noqa: BLE001 - whatever the transport raises, the job is on disk
            _log.warning("the broker was not told of a job: %s", type(error).__name__, extra={"job": job_id})

    def waiting(self) -> int | None:
        """How many messages wait for any worker; None where the broker does not say."""
        try:
            with self.app.connection_or_acquire() as connection:
                channel = connection.default_channel
                return sum(int(channel.queue_declare(queue=name).message_count) for name in (ONGOING, OPTIMIZE))
        except Exception as error:  # noqa: BLE001 - as above
            _log.warning("the broker does not say what waits: %s", type(error).__name__)
            return None

    @property
    def app(self) -> "Celery":
        """The application, made when it is first needed."""
        if self._app is None:
            self._app = make_broker(self._settings)
        return self._app


def _transport(settings: Settings) -> tuple[str, dict[str, object]]:
    """The URL and the options of the transport; raises UserError for one that is not supported."""
    if settings.broker_url is None:
        return _folder(settings.home / "broker")
    url = settings.broker_url.get_secret_value()
    if not url.startswith(("redis://", "rediss://")):
        raise UserError(
            "HASTEN_BROKER_URL must begin with redis:// or rediss://; leave it out for a folder of the home"
        )
    return url, {
        "visibility_timeout": VISIBLE_AFTER_S,
        "queue_order_strategy": "priority",  # as they are named
        "socket_connect_timeout": CONNECT_S,
        "socket_timeout": ANSWER_S,
        "socket_keepalive": True,
        "health_check_interval": ANSWER_S / 2,
        # Of whoever sends: a request of the API waits for it. A worker tries for ever.
        **{"max_retries": 1, "interval_start": 0.0, "interval_step": 0.1, "interval_max": 0.1},
    }


def _folder(folder: Path) -> tuple[str, dict[str, object]]:
    from kombu.transport import TRANSPORT_ALIASES  # noqa: PLC0415

    from workers.folder_transport import PLACE, SCHEME  # noqa: PLC0415

    TRANSPORT_ALIASES[SCHEME] = PLACE
    folder.mkdir(parents=True, exist_ok=True)
    return f"{SCHEME}://localhost//", {"folder": str(folder), "polling_interval": POLL_S}
