"""`python -m actions`: the action server; a person's mistake ends it with a sentence."""

import sys

from textkit.errors import FrontdeskError

try:
    from actions.server import main

    main()
except FrontdeskError as error:
    sys.exit(f"error: {error}")
