from collections.abc import Iterator

import pytest

from tests.bot.channels.serving import Served


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """The channel with limits that no test reaches."""
    with Served() as running:
        yield running


@pytest.fixture
def conversation(served: Served) -> dict[str, str]:
    """The header of a new conversation."""
    return served.open_session()[1]
