"""The command line: each command parses words and calls one function.

Heavy rooms are imported inside the commands, so that ``--help`` answers at once (notes on the
command line: the database and segmentation libraries cost a second each).
"""

from __future__ import annotations

import errno
import logging
import os
import sys

from auditor.cli.ending import INTERRUPTED, answered_sigterm, tell_interrupted
from auditor.cli.options import EXIT_CODES
from auditor.cli.references import references_app
from auditor.cli.rules import rules_app
from auditor.cli.runs import app
from auditor.errors import AuditorError, OutputError
from auditor.streams import open_streams, tell_crash, tell_error

__all__ = ["app", "main"]

app.add_typer(rules_app, name="rules", epilog=EXIT_CODES)
app.add_typer(references_app, name="references", epilog=EXIT_CODES)


def main() -> None:
    """Run the command line and leave with the exit status of the contracts."""
    open_streams()
    # Nothing here multiplies matrices; the threads of numpy's library for it spin a tenth of a CPU
    # second when it is loaded, in every process.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    with answered_sigterm() as asked:
        _run(asked)


def _run(asked: list[int]) -> None:
    try:
        app()
    except AuditorError as error:
        # A library or a child may have made something else of the signal.
        sys.exit(tell_interrupted(asked) if asked else tell_error(error))
    except SystemExit as ended:
        # Typer answers Ctrl-C by itself, without a word.
        if ended.code == INTERRUPTED:
            sys.exit(tell_interrupted(asked))
        # A reader that went away (| head) is 1 to Typer, which here says that a finding was made.
        if isinstance(ended.__context__, BrokenPipeError):
            sys.exit(OutputError.exit_code)
        raise
    except KeyboardInterrupt:
        sys.exit(tell_interrupted(asked))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO):
            sys.exit(tell_error(OutputError(str(error.strerror), str(error.filename or "output"))))
        sys.exit(tell_crash())
    except Exception:  # noqa: BLE001 - boundary: the command line (house, Errors)
        sys.exit(tell_interrupted(asked) if asked else tell_crash())
