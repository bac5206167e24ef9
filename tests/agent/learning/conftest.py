"""One project, prepared once for every test of this folder."""

from collections.abc import Callable

import pytest
from stock import Stock, open_stock

from agent.desk import Desk
from agent.toolbox.tool import named
from agent.toolbox.tools import TOOLS
from workers.settings import read_settings


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Stock:
    return open_stock(tmp_path_factory.mktemp("stock"), dict(read_settings().index_environment()))


@pytest.fixture(scope="session")
def use() -> Callable[..., str]:
    """Calls a tool by its name at a desk."""

    def call(desk: Desk, name: str, **arguments: object) -> str:
        tool = named(TOOLS, name)
        return tool.run(desk, tool.arguments(**arguments))

    return call
