"""Every tool of a session, in the order in which a model reads them."""

from agent.toolbox.changing import EDIT, UNDO, WRITE
from agent.toolbox.compiling import COMPILE
from agent.toolbox.cut import MORE
from agent.toolbox.finding import DEFINITION, FIND_API, REFERENCES
from agent.toolbox.looking import HISTORY, OUTLINE, SEARCH_CODE, VIEW
from agent.toolbox.measure import MEASURE
from agent.toolbox.profile import PROFILE
from agent.toolbox.recalling import RECALL
from agent.toolbox.run_tests import RUN_TESTS
from agent.toolbox.shell import SHELL
from agent.toolbox.submit import SUBMIT
from agent.toolbox.tool import Tool
from agent.toolbox.trace_failure import TRACE_FAILURE

TOOLS: tuple[Tool, ...] = (
    *(OUTLINE, DEFINITION, REFERENCES, SEARCH_CODE, VIEW, HISTORY, FIND_API, RECALL),
    *(EDIT, WRITE, UNDO),
    *(RUN_TESTS, PROFILE, MEASURE, TRACE_FAILURE, COMPILE, SHELL),
    *(MORE, SUBMIT),
)
