"""What may stand in a path: anything else is not there, so that no endpoint ever sees it."""

from typing import Annotated

from fastapi import Path
from starlette.convertors import Convertor, register_url_convertor

ID = "[0-9A-Za-z-]{1,32}"
NUMBER = "[0-9]{1,9}"


class IdConvertor(Convertor[str]):
    """The id of a job, a key or a tenant."""

    regex = ID

    def convert(self, value: str) -> str:
        """As it stands."""
        return value

    def to_string(self, value: str) -> str:
        """As it stands."""
        return value


class NumberConvertor(Convertor[str]):
    """A number that every database takes."""

    regex = NUMBER

    def convert(self, value: str) -> str:
        """As it stands; FastAPI makes a number of it."""
        return value

    def to_string(self, value: str) -> str:
        """As it stands."""
        return value


register_url_convertor("id", IdConvertor())
register_url_convertor("number", NumberConvertor())

JobId = Annotated[str, Path(pattern=f"^{ID}$", description="The job's id.", examples=["4f1d2c3b5a697887"])]
KeyId = Annotated[str, Path(pattern=f"^{ID}$", description="The key's id.", examples=["0badc0de0badc0de"])]
TenantId = Annotated[str, Path(pattern=f"^{ID}$", description="The tenant's id.", examples=["acme"])]
Number = Annotated[int, Path(ge=0, le=999_999_999, description="The candidate's number.", examples=[3])]
