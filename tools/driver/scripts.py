"""The pytest plugin that runs plain scripts as tests: each is one test, which passes where it ends with exit code 0."""

import os
import runpy
import sys


class Scripts:
    """Makes pytest take some of the files that it was given as scripts, not as modules of tests."""

    def __init__(self, paths):
        self._paths = {os.path.realpath(path) for path in paths}

    def takes(self, path):
        """Whether a file is one of the scripts."""
        return os.path.realpath(str(path)) in self._paths


class NonzeroExit(Exception):
    """A script ended with an exit code other than 0."""


def run_script(path):
    """Run a script as `python PATH` would, in this process; the project's folder stays on the import path."""
    arguments, paths = sys.argv, list(sys.path)
    sys.argv = [path]
    sys.path.insert(0, os.path.dirname(path))
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit as ended:
        if ended.code not in (None, 0, False):
            raise NonzeroExit("the script ended with exit code %r" % (ended.code,)) from None
    finally:
        sys.argv, sys.path[:] = arguments, paths


def plugin(pytest, paths):
    """The plugin for the pytest that runs here."""

    class ScriptItem(pytest.Item):
        def runtest(self):
            run_script(self.parent.script)

        def reportinfo(self):
            return self.parent.script, 0, self.nodeid

    class ScriptFile(pytest.Module):
        def collect(self):
            return [ScriptItem.from_parent(self, name="script")]

        def _getobj(self):
            raise self.CollectError("a script is not imported")

        def setup(self):
            """A script has no set-up of a module, which would import it."""

    def made(parent, file_path, **named):
        if not scripts.takes(file_path):
            return None
        file = ScriptFile.from_parent(parent, **named)
        file.script = str(file_path)
        return file

    scripts = Scripts(paths)
    # pytest 7 brought the argument's name, pytest 9 took the older one away.
    if int(pytest.__version__.split(".")[0]) >= 7:

        def pytest_pycollect_makemodule(_self, module_path, parent):
            return made(parent, module_path, path=module_path)
    else:

        def pytest_pycollect_makemodule(_self, path, parent):
            return made(parent, path, fspath=path)

    Scripts.pytest_pycollect_makemodule = pytest.hookimpl(tryfirst=True)(pytest_pycollect_makemodule)
    return scripts
