"""Every tool of a session, in the order in which a model reads them."""

from agent.toolbox.compiling import COMPILE
from agent.toolbox.cut import MORE
from agent.toolbox.recalling import RECALL
from agent.toolbox.submit import SUBMIT
from agent.toolbox.tool import Tool

TOOLS: tuple[Tool, ...] = (RECALL, COMPILE, MORE, SUBMIT)
