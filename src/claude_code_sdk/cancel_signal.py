"""`CancelSignal`: how a callback learns that its answer is no longer wanted.

Above: `_callbacks.py`, which makes one for every call of a hook or of `can_use_tool` and sets it when the CLI withdraws
the request or the session closes.  Below: nothing; anyio is loaded only by a callback that waits.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from anyio import Event


class CancelSignal:
    """Tells a callback that its answer is no longer wanted.

    Given as `context["signal"]` to hooks and as `context.signal` to `can_use_tool`.  The callback's own await is
    cancelled as well, so the signal serves code that does not await: a thread polls `cancelled`, a task of the
    callback's own awaits `wait()`.
    """

    __slots__ = ("_cancelled", "_event", "_reason")

    def __init__(self) -> None:
        self._cancelled = False
        self._reason: str | None = None
        self._event: Event | None = None  # made by the first wait(): most callbacks end without asking

    @property
    def cancelled(self) -> bool:
        """Whether the answer is no longer wanted.  May be read from any thread."""
        return self._cancelled

    @property
    def reason(self) -> str | None:
        """Why, in words; `None` as long as it is wanted."""
        return self._reason

    async def wait(self) -> None:
        """Wait until the answer is no longer wanted; return at once if that is so already.

        Any number of tasks may wait, on asyncio and on trio.  Cancelled, it leaves nothing behind.
        """
        if self._event is None:
            from anyio import Event

            self._event = Event()
            if self._cancelled:
                self._event.set()
        await self._event.wait()

    def _cancel(self, reason: str) -> None:
        """Set the signal, from the event loop's thread.  Only the first reason counts."""
        if self._cancelled:
            return
        self._reason = reason
        self._cancelled = True
        if self._event is not None:
            self._event.set()

    def __repr__(self) -> str:
        return f"<CancelSignal: {self._reason}>" if self._cancelled else "<CancelSignal>"
