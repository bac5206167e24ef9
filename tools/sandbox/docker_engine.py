"""What is asked of a Docker engine, over its socket; every failure is an InfrastructureError."""

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docker
import requests
from docker.errors import APIError, DockerException, NotFound

from tools.errors import InfrastructureError
from tools.sandbox import docker_image
from tools.sandbox.label import is_abandoned

LABEL = "hasten"
"""Every container of ours carries it, with its name as the value."""
_ANSWER_S = 60


class Engine:
    """One engine of this host; its methods may be called from any thread."""

    def __init__(self, socket: Path) -> None:
        """Connect; raises InfrastructureError where nobody answers."""
        with _asking("be reached"):
            self._api = docker.APIClient(base_url=f"unix://{socket}", version="auto", timeout=_ANSWER_S)

    def info(self) -> Mapping[str, Any]:
        """What it says of itself and its host."""
        with _asking("describe itself"):
            return dict(self._api.info())

    def image(self) -> str:
        """The name of our image, which is made where the engine does not have it."""
        name = f"{docker_image.REPOSITORY}:{docker_image.tag()}"
        with _asking("take an image"):
            if not self._api.images(name=name):
                self._api.import_image_from_data(
                    docker_image.archive(), repository=docker_image.REPOSITORY, tag=docker_image.tag()
                )
        return name

    def host_config(self, **options: Any) -> dict[str, Any]:
        """docker-py's words for a container's limits, in those of this engine's version."""
        return dict(self._api.create_host_config(**options))

    def start(self, name: str, **options: Any) -> int:
        """Make and start a container; the process id, on this host, of its first process."""

        def ask() -> int:
            self._api.create_container(name=name, labels={LABEL: name}, **options)
            self._api.start(name)
            return int(self._api.inspect_container(name)["State"]["Pid"])

        # In a thread, which an interrupt does not reach: the engine carries out a request that is broken off, and the
        # caller would remove the container before it is there. Leaving the block waits for the thread.
        with _asking("start a container"), ThreadPoolExecutor(1) as thread:
            return thread.submit(ask).result()

    def exit_code(self, name: str) -> int:
        """Wait for the end of a container; what its first process returned, 128 and the signal where one ended it."""
        with _asking("say how a container ended"):
            return int(self._api.wait(name, timeout=_ANSWER_S)["StatusCode"])

    def remove(self, name: str) -> None:
        """Kill a container and take it away; nothing where there is none of that name."""
        deadline = time.monotonic() + _ANSWER_S
        with _asking("remove a container"):
            while True:
                try:
                    self._api.remove_container(name, force=True, v=True)
                except NotFound:
                    return
                except APIError as error:
                    # 409: it is being removed already, or its first process is only just dying.
                    if error.status_code != 409 or time.monotonic() > deadline:
                        raise
                    time.sleep(0.02)
                else:
                    return

    def abandoned(self) -> list[str]:
        """Containers whose supervisor is gone."""
        with _asking("list its containers"):
            found = self._api.containers(all=True, filters={"label": LABEL})
        return [name for container in found if is_abandoned(name := container["Labels"][LABEL])]


@contextmanager
def _asking(what: str) -> Iterator[None]:
    try:
        yield
    except (DockerException, requests.RequestException) as error:
        said = (error.explanation if isinstance(error, APIError) else None) or error
        raise InfrastructureError(f"the Docker engine could not {what}: {said}", retryable=True) from error
