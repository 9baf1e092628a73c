"""`python -m bot.stores export [--since SECONDS] | import URL`; `frontdesk conversations` calls it."""

from __future__ import annotations

import argparse
import json
import sys

from bot.stores.database import open_database
from bot.stores.transfer import export, import_stock
from textkit.errors import FrontdeskError


def main() -> int:
    """Run one command; 1 when it failed."""
    parser = argparse.ArgumentParser(prog="bot.stores")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("export").add_argument("--since", type=float, default=0.0)
    commands.add_parser("import").add_argument("url")
    given = parser.parse_args()
    database = open_database()
    try:
        if given.command == "export":
            for conversation in export(database, given.since):
                sys.stdout.write(json.dumps(conversation, ensure_ascii=False) + "\n")
        else:
            copied, known = import_stock(database, given.url)
            sys.stderr.write(f"{copied} conversations copied, {known} were there already\n")
    except FrontdeskError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    finally:
        database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
