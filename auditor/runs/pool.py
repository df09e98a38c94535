"""Partitions on several processes: a worker that dies costs a retry, never the run.

A ProcessPoolExecutor says at once that a worker was killed; a ``multiprocessing.Pool`` hangs
(performance notes, section 6).
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from pathlib import Path

from auditor.errors import AuditorError

MAX_BREAKS = 3
"""How often the pool may break before the run gives up; a killed worker breaks it once."""

Work = Callable[[Path], object]
Setup = Callable[..., object]


def in_pool(
    paths: Sequence[Path], work: Work, setup: Setup, arguments: tuple[object, ...], workers: int
) -> Iterator[Path]:
    """Run ``work`` on every path, yielding each as it is done.

    Raises:
        AuditorError: workers keep dying.
    """
    if workers == 1 or len(paths) == 1:
        setup(*arguments)
        for path in paths:
            work(path)
            yield path
        return
    left = list(paths)
    breaks = 0
    while left:
        try:
            for path in _one_pool(left, work, setup, arguments, workers):
                left.remove(path)
                yield path
        except BrokenProcessPool as error:
            breaks += 1
            if breaks > MAX_BREAKS:
                raise AuditorError(
                    f"worker processes died {breaks} times; is there enough memory? "
                    "(--workers 1 needs least)",
                    "workers",
                ) from error
            left = [path for path in left if not (path / "done").exists()]


def _begin(setup: Setup, arguments: tuple[object, ...]) -> None:
    """Prepare a worker process.

    It ends with its parent: orphans of a killed run would wait for work for ever, and until then
    write beside the run that resumes it.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    # Ctrl-C reaches the whole group; the parent alone answers it and ends the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    setup(*arguments)


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _one_pool(
    paths: Sequence[Path], work: Work, setup: Setup, arguments: tuple[object, ...], workers: int
) -> Iterator[Path]:
    # Workers start fresh: a fork would copy the threads' locks of the Arrow library.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        max_workers=min(workers, len(paths)),
        mp_context=context,
        initializer=_begin,
        initargs=(setup, arguments),
    )
    with pool:
        waiting: dict[Future[object], Path] = {pool.submit(work, path): path for path in paths}
        try:
            while waiting:
                done, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    path = waiting.pop(future)
                    future.result()
                    yield path
        finally:
            pool.shutdown(wait=sys.exc_info()[0] is None, cancel_futures=True)
