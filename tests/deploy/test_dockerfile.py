"""What the images promise: one lock with hashes, no compiler, no secret, no root."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Dockerfile").read_text()
STEPS = [step.replace("\\\n", " ") for step in re.findall(r"^[A-Z]+ (?:.*\\\n)*.*$", TEXT, re.MULTILINE)]


def stages() -> dict[str, list[str]]:
    """The steps of each stage, those of the stages that it stands on first."""
    found: dict[str, list[str]] = {}
    for step in STEPS:
        if named := re.fullmatch(r"FROM (\S+) AS (\S+)", step):
            base, name = named.groups()
            found[name] = list(found.get(base, []))
        elif found:
            found[name].append(step)
    return found


def words(steps: list[str], instruction: str) -> list[str]:
    return [step.partition(" ")[2] for step in steps if step.startswith(f"{instruction} ")]


def test_every_image_ends_as_nobody_in_particular() -> None:
    assert set(stages()) == {"builder", "runtime", "api", "worker"}
    for name in ("api", "worker"):
        assert words(stages()[name], "USER")[-1] == "10001:10001"


def test_packages_come_from_the_hashed_lock() -> None:
    builder = stages()["builder"]
    assert any("requirements-service.lock" in files for files in words(builder, "COPY"))
    [installs] = [step for step in words(builder, "RUN") if "install" in step or "setup" in step]
    assert installs.endswith("scripts/setup --service")  # which installs nothing but the lock, with --require-hashes
    assert "--require-hashes" in (ROOT / "scripts/environment.py").read_text()
    assert not re.search(r"\bpip install|\buv pip", TEXT)


def test_the_images_hold_what_the_command_line_has_and_what_reaches_a_bucket() -> None:
    here, runtime, dev = (pins(ROOT / f"requirements{name}.lock") for name in ("-service", "", "-dev"))
    assert runtime < here < dev
    assert any(pin.startswith("s3fs==") for pin in here)


def pins(lock: Path) -> set[str]:
    return set(re.findall(r"^[\w.-]+==\S+", lock.read_text(), re.MULTILINE))


def test_what_runs_has_no_compiler_and_leaves_no_package_lists() -> None:
    for name in ("runtime", "api", "worker"):
        for step in words(stages()[name], "RUN"):
            if "apt-get install" in step:
                assert "--no-install-recommends" in step
                assert "rm -rf /var/lib/apt/lists/*" in step
                installed = re.search(r"--no-install-recommends ([^&]*)", step)
                assert installed is not None
                assert set(installed[1].split()) <= {"ca-certificates", "git", "tini", "bubblewrap"}


def test_no_secret_is_in_an_image() -> None:
    for step in STEPS:
        if step.startswith(("ENV", "ARG")):
            assert not re.search(r"PASSWORD|SECRET|TOKEN|_KEY|://\S+@", step), step
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored, "what is not named does not go to the engine"
    allowed = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert not any(name.startswith(".") for name in allowed)
    for copied in words(stages()["builder"], "COPY"):
        for source in copied.split()[:-1]:
            assert source.rstrip("/") in allowed, f"{source} is copied and ignored"


def test_images_are_named_and_watched() -> None:
    for name in ("api", "worker"):
        steps = stages()[name]
        assert any("org.opencontainers.image.title" in step for step in words(steps, "LABEL"))
        assert any(step.startswith("HEALTHCHECK") for step in steps)
        assert words(steps, "CMD")
        assert words(steps, "ENTRYPOINT") == ['["tini", "--"]']
