"""Source distributions of public projects, as pip downloads them; none of their code is in this repository."""

import hashlib
import subprocess
import sys
import tarfile
from pathlib import Path


def fetch(requirement: str, digest: str, folder: Path) -> Path:
    """The unpacked sdist, in a folder that is empty; exits where it is not the pinned one."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", requirement]
    subprocess.run([*command, "-d", str(folder)], check=True)
    (archive,) = folder.glob("*.tar.gz")
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != digest:
        sys.exit(f"{archive.name} has the digest {found}, not the pinned {digest}")
    with tarfile.open(archive) as packed:
        if hasattr(tarfile, "data_filter"):  # absent from the first releases of Python 3.11
            packed.extraction_filter = tarfile.data_filter
        packed.extractall(folder)
    (tree,) = (path for path in folder.iterdir() if path.is_dir())
    return tree
