"""An S3 of the tests' own: moto's server in this process, on a free port."""

import contextlib
import os
from collections.abc import Iterator

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "blobs"


class S3:
    """A bucket behind a server that may be stopped and started again."""

    def __init__(self) -> None:
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
        self._server.start()
        _, self.port = self._server.get_host_and_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = boto3.client("s3", endpoint_url=self.url, region_name="us-east-1")
        self.client.create_bucket(Bucket=BUCKET)

    def stop(self) -> None:
        self._server.stop()


@contextlib.contextmanager
def s3_server() -> Iterator[S3]:
    """Started, and known to whoever asks the environment."""
    before = dict(os.environ)
    os.environ |= {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests", "AWS_DEFAULT_REGION": "us-east-1"}
    server = S3()
    os.environ["AWS_ENDPOINT_URL"] = server.url
    try:
        yield server
    finally:
        server.stop()
        os.environ.clear()
        os.environ.update(before)
