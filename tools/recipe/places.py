"""Where things stand inside a target's sandbox, in every phase."""

PROJECT = "/project"
"""The repository's tree of one side."""
ENV = "/env"
"""The sealed virtual environment."""
DRIVER = "/hasten/_hasten_driver"
UV = "/hasten/uv"
"""uv itself, while an environment is built."""
CACHE = "/cache"
"""uv's cache of one build."""


def project_folder(subdirectory: str) -> str:
    """The project's own folder, where commands start."""
    return f"{PROJECT}/{subdirectory}" if subdirectory else PROJECT
