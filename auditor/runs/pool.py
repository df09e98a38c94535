"""Tasks on several processes: a worker that dies costs a retry, never the run.

A ProcessPoolExecutor says at once that a worker was killed; a ``multiprocessing.Pool`` hangs
(performance notes, section 6).
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from auditor.errors import AuditorError
from auditor.runs.tasks import left as not_done

MAX_BREAKS = 3
"""How often the pool may break before the run gives up; a killed worker breaks it once."""

Work = Callable[[Path], object]
Setup = Callable[..., object]


class Workers:
    """``count`` processes that stay for all stages of a run.

    ``setup(*arguments)`` prepares each, and this process when it works itself: with one worker, or
    one task. Processes are forked at once where that is safe, and have what this process has
    prepared by then; elsewhere they are spawned when there is work for two.
    """

    def __init__(self, setup: Setup, arguments: tuple[object, ...], count: int) -> None:
        self._setup = setup
        self._arguments = arguments
        self._count = count
        self._pool: ProcessPoolExecutor | None = None
        self._breaks = 0

    def __enter__(self) -> Self:
        if self._count > 1 and may_fork():
            try:
                self._fork()
            except BaseException as error:
                self.end()
                # Those that die at once are begun anew when there is work.
                if not isinstance(error, BrokenProcessPool):
                    raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._stop()
        else:
            self.end()

    def end(self) -> None:
        """End the processes at once, whatever they are at: after it none writes any more.

        Later work begins them anew.
        """
        self._kill()
        self._stop()

    def run(self, paths: Sequence[Path], work: Work) -> Iterator[Path]:
        """Run ``work`` on every task, yielding each as it is done.

        Raises:
            AuditorError: workers keep dying.
        """
        if self._count == 1 or (len(paths) == 1 and self._pool is None):
            self._setup(*self._arguments)
            for path in paths:
                work(path)
                yield path
            return
        left = list(paths)
        while left:
            try:
                for path in self._some(left, work):
                    left.remove(path)
                    yield path
            except BrokenProcessPool as error:
                self.end()
                self._breaks += 1
                if self._breaks > MAX_BREAKS:
                    raise AuditorError(
                        f"worker processes died {self._breaks} times; is there enough memory? "
                        "(--workers 1 needs least)",
                        "workers",
                    ) from error
                left = not_done(left)

    def _some(self, paths: Sequence[Path], work: Work) -> Iterator[Path]:
        pool = self._pool = self._pool or self._started()
        waiting: dict[Future[object], Path] = {pool.submit(work, path): path for path in paths}
        while waiting:
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                path = waiting.pop(future)
                future.result()
                yield path

    def _started(self, way: Literal["fork", "spawn"] = "spawn") -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            max_workers=self._count,
            mp_context=multiprocessing.get_context(way),
            initializer=_begin,
            initargs=(self._setup, self._arguments),
        )

    def _fork(self) -> None:
        """Fork all processes now: the compiled rules are theirs without being made or sent again.

        A pool that broke is begun anew by spawning: by then there are threads.
        """
        pool = self._pool = self._started("fork")
        # Frozen objects are not touched by the collector, so their pages stay shared.
        gc.collect()
        gc.freeze()
        try:
            with warnings.catch_warnings():
                # Python 3.12 counts the idle threads of OpenBLAS and Arrow; both know of forks.
                warnings.filterwarnings("ignore", ".*multi-threaded.*fork", DeprecationWarning)
                pool.submit(os.getpid).result()
        finally:
            gc.unfreeze()

    def _kill(self) -> None:
        # What they were at may take a minute, and a run that goes on does it again. Python has a
        # word for it from 3.14 on only; the pool's own thread takes away those that ended.
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):  # noqa: SLF001
                process.kill()

    def _stop(self) -> None:
        # Always to the end: a thread of the pool that still ends while Python does is a traceback.
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def may_fork() -> bool:
    """Tell whether a fork of this process is safe: on Linux, while no other thread of Python runs.

    Another thread might hold a lock, which nobody would open in the fork.
    """
    return sys.platform == "linux" and threading.active_count() == 1


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
    # What the parent does on SIGTERM is not for its forks; a pool that broke ends the others by it.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    setup(*arguments)


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
