"""The one thread that all of the Linux desktop lives on."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVarTuple

_log = logging.getLogger(__name__)
_Ts = TypeVarTuple("_Ts")

_CLOSING = 0.25
"""Seconds that ``close`` waits for the thread; it takes about a millisecond unless somebody blocks the thread."""


class EventThread:
    """A thread with an event loop, which sleeps there until something happens. It runs from the start.

    ``post``, ``spawn`` and ``close`` may be called from any thread; what they are given runs on this one.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop
        self._end: asyncio.Event
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self._running: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="desktop", daemon=True)
        self._thread.start()
        self._running.result()

    def post(self, function: Callable[[*_Ts], object], *args: *_Ts) -> None:
        """Run ``function`` there, after all that was posted before; never raises, nothing once closed."""
        if self._closed:
            return
        with suppress(RuntimeError):  # the loop closed in between
            self._loop.call_soon_threadsafe(function, *args)

    def spawn(self, function: Callable[[*_Ts], Coroutine[Any, Any, None]], *args: *_Ts) -> None:
        """Run a coroutine function there as a task, until it ends or the thread is closed; never raises."""
        # The coroutine is made over there: one that is made here and never gets there would complain.
        self.post(self._start, function, args)

    def close(self) -> None:
        """Cancel every task and stop the thread, in well under 0.3 s; also a second time."""
        self.post(self._end.set)
        self._closed = True
        if threading.current_thread() is not self._thread:
            self._thread.join(_CLOSING)

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        self._running.set_result(None)
        await self._end.wait()
        # All before any is waited for: none shall see a call to another fail and report that as news.
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, function: Callable[[*_Ts], Coroutine[Any, Any, None]], args: tuple[*_Ts]) -> None:
        task = self._loop.create_task(function(*args))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("A task of the desktop's failed.", exc_info=error)
