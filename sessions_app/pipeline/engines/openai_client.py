"""One openai client per process and URL: no hidden retries, no redirects, bounded responses."""

import os
import threading
import time
from collections.abc import Iterator

import httpx2
import openai

from sessions_app.pipeline.engines.base import ConfigurationError, Transient

OFFICIAL_URL = "https://api.openai.com/v1"
LARGEST_REPLY = 8_000_000  # bytes; an eight-minute chunk needs about 200,000
CONNECT_SECONDS = 10.0
# A forked child must not use its parent's sockets, and closing them would end the parent's TLS sessions, so entries of
# other processes are left alone.
_clients: dict[tuple[int, str, str, float], openai.OpenAI] = {}
_lock = threading.Lock()


def client_for(base_url: str, api_key: str, seconds: float) -> openai.OpenAI:
    """This process's client; `seconds` bounds each wait and the reading of a response."""
    key = (os.getpid(), base_url or OFFICIAL_URL, api_key or "none", seconds)
    with _lock:
        if key not in _clients:
            _clients[key] = _new_client(*key[1:])
        return _clients[key]


def close_clients() -> None:
    """Close this process's connections when a worker stops."""
    with _lock:
        for key in [key for key in _clients if key[0] == os.getpid()]:
            _clients.pop(key).close()


def _new_client(base_url: str, api_key: str, seconds: float) -> openai.OpenAI:
    if not _is_web_address(base_url) or not (api_key.isascii() and api_key.isprintable()):
        raise ConfigurationError  # the client would treat it as a lost connection, which is retried

    def bound(response: httpx2.Response) -> None:
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = _BoundedStream(response.stream, seconds)

    timeout = httpx2.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))
    http = openai.DefaultHttpxClient(timeout=timeout, follow_redirects=False, event_hooks={"response": [bound]})
    return openai.OpenAI(
        base_url=base_url,
        api_key=api_key,
        max_retries=0,
        timeout=timeout,
        http_client=http,
        default_headers={"Accept-Encoding": "identity"},  # the limit applies to received bytes
    )


def _is_web_address(text: str) -> bool:
    try:
        url = httpx2.URL(text)
    except httpx2.InvalidURL:
        return False
    return url.scheme in {"http", "https"} and bool(url.host)


class _BoundedStream(httpx2.SyncByteStream):
    """A response body with limits on size and time."""

    def __init__(self, stream: httpx2.SyncByteStream, seconds: float) -> None:
        self._stream = stream
        self._deadline = time.monotonic() + seconds

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if size > LARGEST_REPLY:
                raise Transient("bad_reply")
            if time.monotonic() > self._deadline:
                raise Transient("timeout")
            yield chunk

    def close(self) -> None:
        """Release the connection."""
        self._stream.close()
