"""The `rasa` command: `python -m bot.engine train|run|shell|test|data ...`."""

import os
import sys

from bot.engine.prepare import prepare
from textkit.settings import export_settings

# These keep `/intent` messages, which no customer can send to them.
DEVELOPERS_COMMANDS = {"shell", "interactive", "test"}
# One message is a product of one row, which OpenBLAS would share among threads that wait for each other spinning: 2 ms
# of processor time for 0.1 ms of work. Has to be set before numpy is imported; training has real matrices.
SERVERS = {"run"}


def main() -> None:
    """Prepare rasa, then hand over to its own command line."""
    os.environ.update(export_settings())  # endpoints.yml names them
    command = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    if command in SERVERS:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    prepare(customers=command not in DEVELOPERS_COMMANDS)
    from rasa.__main__ import main as rasa_main

    rasa_main()


if __name__ == "__main__":
    main()
