"""`python -m actions`: the action server; a person's mistake ends it with a sentence."""

import os
import sys

from textkit.errors import FrontdeskError

# A question is many small products of matrices, which BLAS and FAISS would share among threads that wait for each other
# spinning: three times as long for the one question, and no core left for the next. Before numpy is imported.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

try:
    from actions.server import main

    main()
except FrontdeskError as error:
    sys.exit(f"error: {error}")
