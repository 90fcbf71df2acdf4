"""ToolHttp: the HTTP of a program's own tools, recorded beside a session and played from there.

Above: the fixture `claude_cassette`, tests without pytest's fixtures.  Below: vcrpy, which is imported here alone and
puts itself into the HTTP clients (httpx, requests, urllib3, aiohttp, http.client and more); `http_classes.py`,
`http_interaction.py`, `http_text.py`.

Three things that vcrpy does are done otherwise here:

- While it sends a request of `requests` or `http.client` it takes itself out of *all* clients, and what another thread
  or the event loop sends then is lost (vcrpy issues 849, 295).  Here it is never out (`http_classes.py`).  Sync tools,
  which run in threads, take turns all the same while they are recorded: their requests then have one order.
- It writes the file when its block ends.  Here `save` does, for a recording of a test that failed is not kept.
- It takes a file that it cannot read for a missing one.  Here that is a `CassetteError`.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from unittest import mock

from .. import _bound_tool
from ..cassettes.jsonl import Replacement
from ..cassettes.secrets.residue import refused
from ..cassettes.secrets.search import Search
from ..errors import CassetteError
from .http_classes import real_ones, replaced
from .http_interaction import (
    content_type_of,
    made_again,
    response_without_secrets,
    unless_it_stays_here,
    without_secrets,
)
from .http_scrubbing import Scrubbing, same_body, same_uri
from .http_text import not_played, not_recorded

try:
    import vcr.patch
    from vcr.cassette import Cassette
    from vcr.errors import UnhandledHTTPRequestError
    from vcr.filters import decode_response
    from vcr.persisters.filesystem import CassetteNotFoundError, FilesystemPersister
    from vcr.record_mode import RecordMode
    from vcr.request import Request
    from vcr.serialize import serialize
    from vcr.serializers import yamlserializer
    from vcr.stubs import VCRHTTPConnection, VCRHTTPSConnection
except ImportError as missing:
    raise ImportError("recording HTTP needs vcrpy:  pip install 'claude-code-sdk-harness[pytest]'") from missing

if TYPE_CHECKING:
    from types import TracebackType

    from ..cassettes.secrets.rules import Rule
else:  # so that `typing.get_type_hints` works although they are imported only when used
    TracebackType = Rule = Any

logger = logging.getLogger("claude_code_sdk")

Mode: TypeAlias = Literal["none", "new_episodes", "all"]

TURN_WAIT = 60.0
"""Seconds that a sync tool waits for its turn while HTTP is recorded; one that waits for another would hang."""


class ToolHttp:
    """A `with` block in which the HTTP of the program's tools is recorded, or played from its recording.

        with ToolHttp("cassettes/triage.http.yaml", mode="all") as http, record("cassettes/triage.jsonl"):
            await program()
        http.save()

    - `path`: the file, a cassette of vcrpy.
    - `mode`: `"none"` plays it, and refuses every other request.  `"all"` sends all requests and records them.
      `"new_episodes"` plays what is there, once each, and records the rest.
    - `rules`: your own rules for secrets, as in `record`.
    - `accept`: the command that records again, for the texts of errors.

    Requests to this machine (localhost, 127.0.0.0/8, ::1) are none of its business, nor are those that httpx answers
    itself (`MockTransport`, `ASGITransport`, `WSGITransport`).  A recorded request fits one of the same method, URL and
    body; secrets, the order of parameters and the writing of JSON do not count.  Each is played once.

    What no recording fits raises `CassetteMismatch` where the request is made, and again in `check`.  Entering raises
    `CassetteError` when the file is damaged.  Blocks do not overlap.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        mode: Mode = "none",
        rules: Sequence[Rule] | None = None,
        accept: str = "",
    ) -> None:
        self.path = os.fspath(path)
        self.mode = mode
        self.accept = accept
        self._rules = rules
        self._stack = ExitStack()
        self._verdict: AssertionError | None = None
        self._cassette: _Interactions | None = None
        self._last: tuple[Any, Request] | None = None

    def __enter__(self) -> ToolHttp:
        with ExitStack() as stack:
            block = _Interactions.use(
                http=self,
                path=self.path,
                persister=self,
                record_mode=RecordMode(self.mode),
                match_on=(_method, self._uri, self._body),
                before_record_request=unless_it_stays_here,
                before_record_response=decode_response,
                skip_patchers=("httplib",),
                custom_patches=tuple(_answered_by_httpx_itself()),
            )
            self._cassette = cassette = stack.enter_context(block)
            for_this = {"cassette": cassette}
            http_classes = {
                name: type(stub.__name__, (stub,), for_this)
                for name, stub in (("HTTPConnection", VCRHTTPConnection), ("HTTPSConnection", VCRHTTPSConnection))
            }
            stack.enter_context(replaced(http_classes))
            stack.enter_context(mock.patch.object(vcr.patch, "force_reset", real_ones))
            if self.mode != "none":
                stack.enter_context(mock.patch.object(_bound_tool, "in_turn", _in_turn))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    def check(self, *, unplayed: bool = True) -> None:
        """Judge what was played, after the block.

        - `unplayed`: whether requests of the recording that were not made are a fault.

        Raises:
            CassetteMismatch: The first one, which the program may have swallowed.
            UnplayedEpisode: The program made fewer requests than when it was recorded.
        """
        if self._verdict is not None:
            raise self._verdict
        cassette = self._cassette
        if unplayed and self.mode == "none" and cassette is not None:
            left = [_shown(request) for request, played in cassette.with_plays() if not played]
            if left:
                raise not_played(self.path, left, self.accept)

    def save(self) -> bool:
        """Write what was recorded, as a whole; returns whether the file changed.

        A recording of all requests in which there was none removes the file.  One that differs from it in dates alone
        leaves it.

        Raises:
            CassetteError: It cannot be written, or a secret would stand in it; the file is as it was.
        """
        cassette = self._cassette
        if cassette is None or self.mode == "none" or (self.mode == "new_episodes" and not cassette.recorded):
            return False
        if not cassette.data:
            return self._remove()
        scrubbing = Scrubbing(Search(self._rules, os.environ))
        made = [
            (without_secrets(request, scrubbing), response_without_secrets(response, scrubbing))
            for request, response in cassette.data
        ]
        self._refuse_secrets(made)
        if made_again(self._there(), made):
            return False
        requests, responses = zip(*made, strict=True)
        data = serialize({"requests": requests, "responses": responses}, yamlserializer)
        os.makedirs(os.path.dirname(self.path) or ".", exist_ok=True)
        with Replacement(self.path) as file:
            file.write(data.encode("utf-8"))
        return True

    # For vcrpy: it is its own persister

    def load_cassette(self, path: str, serializer: Any) -> Any:
        """What is in the file; nothing when all is recorded anew."""
        if self.mode == "all":
            raise CassetteNotFoundError
        return _read(path, serializer)

    def save_cassette(self, path: str, cassette_dict: Any, serializer: Any) -> None:
        """`save` writes it."""

    def missed(self, request: Request) -> AssertionError:
        """The error for a request that no recording fits."""
        assert self._cassette is not None
        recorded = [(_shown(other), played) for other, played in self._cassette.with_plays()]
        # With the pseudonyms of the recording, and no secret of the live request.
        scrubbed = self._as_recorded(request)
        bodies = [other.body for other in self._cassette.requests if _shown(other) == _shown(scrubbed)]
        verdict = not_recorded(self.path, _shown(scrubbed), scrubbed.body, recorded, bodies, self.accept)
        if self._verdict is None:
            self._verdict = verdict
        return verdict

    def _there(self) -> list[tuple[Request, Any]]:
        try:
            requests, responses, *_ = _read(self.path, yamlserializer)
        except CassetteNotFoundError:
            return []
        return list(zip(requests, responses, strict=True))

    def _uri(self, live: Request, recorded: Request) -> bool:
        return recorded.uri == live.uri or same_uri(recorded.uri, self._as_recorded(live).uri)

    def _body(self, live: Request, recorded: Request) -> bool:
        if (recorded.body or b"") == (live.body or b""):
            return True
        return same_body(recorded.body, self._as_recorded(live).body, content_type_of(recorded), content_type_of(live))

    def _as_recorded(self, live: Request) -> Request:
        """A live request as it would be recorded.  The last one is kept, for it is compared with many."""
        key = (live.method, live.uri, repr(live.body_bytes))
        if self._last is None or self._last[0] != key:
            self._last = (key, without_secrets(live, Scrubbing(Search(self._rules, os.environ))))
        return self._last[1]

    def _refuse_secrets(self, made: list[tuple[Request, Any]]) -> None:
        """Look once more at what would be written."""
        found = []
        for number, (request, response) in enumerate(made, 1):
            search = Search(self._rules, os.environ)
            again = Scrubbing(search)
            without_secrets(request, again)
            response_without_secrets(response, again)
            found += [f"{self.path}: request {number}: {rule}" for rule in search.pseudonyms.counts]
        if found:
            raise refused(self.path, found)

    def _remove(self) -> bool:
        try:
            os.unlink(self.path)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise CassetteError(f"{self.path}: the cassette cannot be removed: {error.strerror}") from error
        return True


class _Interactions(Cassette):  # type: ignore[misc]  # vcrpy has no types
    """A cassette of vcrpy that says what it misses, and is safe to use from several threads."""

    def __init__(self, *, http: ToolHttp, **settings: Any) -> None:
        super().__init__(**settings)
        self._http = http
        self._lock = threading.RLock()
        self._loading = False
        self.recorded = 0
        """Requests that were sent and recorded."""

    def with_plays(self) -> list[tuple[Request, int]]:
        """Each request, and how often it was played."""
        return [(request, self.play_counts[index]) for index, request in enumerate(self.requests)]

    def can_play_response_for(self, request: Request) -> bool:
        with self._lock:
            kept = self.filter_request(request)
            if kept is None:
                return False
            if super().can_play_response_for(request):
                return True
            if self.record_mode is RecordMode.NONE:
                raise self._http.missed(kept)
            return False

    def play_response(self, request: Request) -> Any:
        with self._lock:
            try:
                return super().play_response(request)
            except UnhandledHTTPRequestError:  # another thread was faster
                raise self._http.missed(request) from None

    def append(self, request: Request, response: Any) -> None:
        with self._lock:
            size = len(self.data)
            super().append(request, response)
            if not self._loading and len(self.data) > size:
                self.recorded += 1
                self.play_counts[size] = 1  # to be sent again when it is made again, not played

    def _load(self) -> None:
        self._loading = True
        try:
            super()._load()
        finally:
            self._loading = False


def _read(path: str, serializer: Any) -> Any:
    try:
        return FilesystemPersister.load_cassette(path, serializer)
    except CassetteNotFoundError:
        if os.path.lexists(path):  # vcrpy takes an empty one for none
            raise CassetteError(f"{path}: the recorded HTTP cannot be read: {_why_not(path)}") from None
        raise
    except Exception as error:  # YAML's, and what comes of YAML that is no such cassette
        what = " ".join(str(error).split()) or type(error).__name__
        raise CassetteError(f"{path}: the recorded HTTP cannot be read: {what}") from error


def _why_not(path: str) -> str:
    return "it is empty" if os.path.isfile(path) else "it is no file"


def _shown(request: Request) -> str:
    return f"{request.method} {request.uri}"


def _method(live: Request, recorded: Request) -> bool:
    same: bool = live.method == recorded.method
    return same


def _answered_by_httpx_itself() -> Iterator[tuple[type, str, Any]]:
    """The methods of httpx's transports that reach no network, to be left as they are."""
    for module, prefix in (("httpx", "_Httpx"), ("httpx2", "_Httpx2")):
        for transport, called in (("MockTransport", "Mock"), ("WSGITransport", "Wsgi"), ("ASGITransport", "Asgi")):
            owner = getattr(getattr(vcr.patch, module, None), transport, None)
            for method in ("handle_request", "handle_async_request"):
                original = getattr(vcr.patch, f"{prefix}{called}Transport_{method}", None)
                if owner is not None and original is not None:
                    yield owner, method, original


_turn = threading.Lock()


@contextmanager
def _in_turn() -> Iterator[None]:
    """One sync tool at a time."""
    taken = _turn.acquire(timeout=TURN_WAIT)
    if not taken:
        logger.warning("a tool waited %g s for another one to end, and runs beside it now", TURN_WAIT)
    try:
        yield
    finally:
        if taken:
            _turn.release()
