"""``python -m auditor`` is the command line; ``spark-submit`` runs this file as a script."""

import sys
from pathlib import Path

# A script's own directory comes first on the path: our rooms must not hide other people's modules.
if sys.path and Path(sys.path[0] or ".").resolve() == Path(__file__).resolve().parent:
    del sys.path[0]

from auditor.cli import main

main()
