"""Types of columns that hold the same in every database."""

from datetime import UTC, datetime

import sqlalchemy
from sqlalchemy import DateTime, Dialect, TypeDecorator

from storage.escapes import escape, unescape


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; refuses a datetime that does not say its zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store without a zone, which SQLite would lose anyway."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("a datetime without a time zone")
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read back with its zone."""
        del dialect
        return value and value.replace(tzinfo=UTC)


class String(TypeDecorator[str]):
    """Any text, also with NUL characters and halves of surrogate pairs, up to a length."""

    impl = sqlalchemy.String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Store as every database takes it."""
        del dialect
        return value and escape(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Read back as it was."""
        del dialect
        return value and unescape(value)


class Text(String):
    """The same without a limit."""

    impl = sqlalchemy.Text
    cache_ok = True
