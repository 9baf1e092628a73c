"""The `rasa` command: `python -m bot.engine train|run|shell|test|data ...`."""

import os
import sys

from bot.engine.prepare import prepare
from textkit.settings import export_settings

# These keep `/intent` messages, which no customer can send to them.
DEVELOPERS_COMMANDS = {"shell", "interactive", "test"}


def main() -> None:
    """Prepare rasa, then hand over to its own command line."""
    os.environ.update(export_settings())  # endpoints.yml names them
    command = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    prepare(customers=command not in DEVELOPERS_COMMANDS)
    from rasa.__main__ import main as rasa_main

    rasa_main()


if __name__ == "__main__":
    main()
