"""The `tests` mode: runs the target's suite in this process, as `python -m pytest` would, and reports every test.

One frame comes in: {pytest, pytest_args, scripts, commands, ids, left_out, most_s, collect_s, mode, record, record_s,
seed, root, place, functions, metered_s}; the modes are plain, touch, sample, record, time, memory and trace. `commands`
are tests that a shell runs, after those of pytest where that runs at all. Frames go out, named by `kind`: `collecting`,
`import_error`, `uncollected`, `collected`, `started`, `outcome`, then what the mode found, then `end`. Whatever the
target does to descriptors 0, 1 and 2 does not disturb them. pytest's own report goes nowhere; what it writes on
standard error (wrong usage, fatal errors) is the supervisor's to read.
"""

import os
import sys

from .selection import Selection


def main(channel, _arguments):
    """Run the suite once."""
    options = channel.receive()
    # The first entry is what `-c` put there; `-m` puts the working directory.
    sys.path[0] = os.getcwd()
    instrument = _instrument(options)
    # Before pytest comes in: the project may be one of the packages that it is built on.
    instrument.start()
    end = {"exit": 0, "problem": "", "cut": False}
    try:
        if options["pytest"]:
            end = _under_pytest(channel, options, instrument)
        if not end["problem"]:
            end["cut"] = _commands(channel, options) or end["cut"]
    finally:
        instrument.stop()
    for frame in [] if end["problem"] else instrument.results():
        channel.send(**frame)
    channel.send(kind="end", import_paths=_import_paths(options["root"]), **end)


def _commands(channel, options):
    """Whether commands were left out because the time was up."""
    if not options["commands"]:
        return False
    from .command_tests import CommandTests

    tests = CommandTests(channel, options["commands"], options["ids"], options["left_out"], options["most_s"])
    tests.run()
    return tests.cut


def _under_pytest(channel, options, instrument):
    """How pytest's own tests came to their end."""
    try:
        import pytest
    except ImportError as error:
        return {"exit": None, "problem": "pytest cannot be imported: %s" % error, "cut": False}
    from .reporting import Reporter, mark_hooks
    from .scripts import plugin

    mark_hooks(pytest)
    sys.argv = [os.path.join(os.path.dirname(pytest.__file__), "__main__.py"), *options["pytest_args"]]
    selection = Selection(options["ids"], options["left_out"])
    reporter = Reporter(channel, selection, instrument, options["most_s"], options["collect_s"])
    # A file that cannot be imported is set aside by name instead of ending the run.
    arguments = [*options["pytest_args"], "--continue-on-collection-errors"]
    code = pytest.main(arguments, plugins=[reporter, plugin(pytest, options["scripts"])])
    if os.getpid() != reporter.process:
        # A child that a test forked came all the way up here; the line is its parent's.
        os._exit(0)
    return {"exit": int(code), "problem": "", "cut": reporter.cut}


def _instrument(options):
    mode = options["mode"]
    if mode == "plain":
        from .instruments import Plain

        return Plain()
    if mode == "touch":
        from .instruments import Touch

        return Touch(options["root"])
    if mode == "sample":
        from .instruments import Sample

        return Sample(options["root"], options["place"])
    if mode in ("time", "memory"):
        from .instruments import Meter

        return Meter(mode, options["place"], options["metered_s"])
    if mode == "trace":
        from .instruments import Trace

        return Trace(options["functions"])
    if mode == "record":
        from .instruments import Record

        return Record(options["record"], options["seed"], options["root"], options["record_s"])
    raise ValueError("no such mode of the suite: %r" % mode)


def _import_paths(root):
    """Folders of the project that the run had put on the import path, for classes of test modules."""
    inside = root.rstrip("/")
    return [path for path in dict.fromkeys(sys.path) if path == inside or path.startswith(inside + "/")]
