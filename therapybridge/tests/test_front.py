"""The web server before the application, as it is shipped, with clients that are slow, long-winded or rude."""

import json
import socket
import threading
import wave
from contextlib import ExitStack, contextmanager

import httpx
import psutil
import pytest

from therapybridge.front import connections
from therapybridge.tests.deployment import deployment, until

MANY = 200
SLOW_READERS = 60
RECORDING_BYTES = 24 * 1024**2
PEOPLE = """
from accounts.tests.factories import *
therapist = TherapistFactory(email="therapist@demo.example")
therapist.set_password("correct horse battery")
therapist.save()
patient = PatientFactory(clinic=therapist.clinic)
CareFactory(therapist=therapist, patient=patient)
give_consents(patient)
print(patient.pk)
"""

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with deployment(tmp_path_factory.mktemp("front")) as installed:
        installed.manage("collectstatic", "--noinput", "--verbosity", "0")
        installed.patient = installed.manage("shell", "-v0", "-c", PEOPLE).split()[-1]
        installed.start_web(workers=2)
        yield installed


@pytest.fixture(scope="module")
def recording(site, tmp_path_factory):
    """The address of a long recording."""
    path = tmp_path_factory.mktemp("sound") / "silence.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes(bytes(RECORDING_BYTES))
    form = {"patient": site.patient, "session_date": "2026-01-05T10:00:00Z"}
    with path.open("rb") as file:
        answer = site.client("therapist@demo.example").post(
            "/sessions/upload", data=form, files={"file": ("a.wav", file)}
        )
    assert answer.status_code == 202, answer.text
    return f"/api/v1/sessions/{answer.json()['id']}/recording"


@contextmanager
def opened(site, *, receive_buffer=0):
    with socket.socket() as client:
        if receive_buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        client.settimeout(20)
        client.connect(("127.0.0.1", site.web_port))
        yield client


def all_of(client):
    answer = b""
    while more := client.recv(65536):
        answer += more
    return answer


def head(method, path, *lines):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""]).encode()


SLOW = {
    "a header that never ends": b"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: a",
    "a form that never comes": head("POST", "/sign-in", "Content-Length: 2000") + b"a=",
    "a long JSON body that never comes": head("POST", "/api/v1/auth/login", "Content-Length: 200000") + b"{",
    "chunks that never come": head("POST", "/sign-in", "Transfer-Encoding: chunked") + b"5\r\nabc",
}


@pytest.mark.parametrize("sent", SLOW.values(), ids=SLOW)
def test_many_clients_that_never_end_their_request_hold_up_nobody(site, sent):
    before = memory(site)
    with ExitStack() as slow:
        for _ in range(MANY):
            slow.enter_context(opened(site)).sendall(sent)
        assert httpx.get(f"{site.base}/live", timeout=10).status_code == 200
        assert httpx.get(f"{site.base}/sign-in", timeout=10).status_code == 200
        assert memory(site) - before < 50 * 1024**2


def test_many_clients_that_do_not_read_their_answer_hold_up_nobody(site):
    with ExitStack() as slow:
        for _ in range(MANY):
            client = slow.enter_context(opened(site, receive_buffer=2048))
            client.sendall(head("GET", "/static/css/app.css") * 20)
        assert httpx.get(f"{site.base}/sign-in", timeout=10).status_code == 200


def test_many_clients_that_hear_a_recording_slowly_hold_up_nobody(site, recording):
    """Their connections are all there is of them: no thread, no copy of the recording."""
    sent = head("GET", recording, f"Authorization: {site.client('therapist@demo.example').headers['Authorization']}")
    before = memory(site)
    with ExitStack() as slow:
        for _ in range(SLOW_READERS):
            client = slow.enter_context(opened(site, receive_buffer=2048))
            client.sendall(sent)
            assert client.recv(12) == b"HTTP/1.1 200"
        assert httpx.get(f"{site.base}/sign-in", timeout=10).status_code == 200
        assert memory(site) - before < 50 * 1024**2


def test_a_recording_arrives_whole_and_in_parts(site, recording):
    client = site.client("therapist@demo.example")
    path = recording.removeprefix("/api/v1")
    assert len(client.get(path).content) == RECORDING_BYTES + 44
    part = client.get(path, headers={"Range": "bytes=4-15"})
    assert (part.status_code, part.content[4:]) == (206, b"WAVEfmt ")
    assert client.get(path, headers={"Range": "bytes=-7"}).content == bytes(7)


def memory(site):
    """Bytes that the web server's processes have for themselves."""
    web = psutil.Process(site.processes["web"].pid)
    return sum(one.memory_full_info().uss for one in [web, *web.children(recursive=True)])


def test_a_body_that_the_address_does_not_take_is_refused_unread_in_the_words_of_the_api(site):
    with opened(site) as client:
        client.sendall(head("POST", "/api/v1/auth/login", "Content-Type: application/json", f"Content-Length: {10**9}"))
        status, _, answer = all_of(client).partition(b"\r\n")
    assert status == b"HTTP/1.1 413 Request Entity Too Large"
    headers, _, body = answer.partition(b"\r\n\r\n")
    assert b"Content-Type: application/problem+json" in headers
    assert b"Connection: close" in headers
    assert json.loads(body)["code"] == "too_large"


def test_a_page_answers_a_body_that_is_too_long_with_a_page(site):
    with opened(site) as client:
        client.sendall(head("POST", "/sign-in", f"Content-Length: {10**9}"))
        answer = all_of(client)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"<html" in answer


def test_chunks_are_counted_as_they_come(site):
    with opened(site) as client:
        client.sendall(head("POST", "/sign-in", "Transfer-Encoding: chunked"))
        chunk = b"%x\r\n%s\r\n" % (64 * 1024, b"a" * 64 * 1024)
        for _ in range(50):
            client.sendall(chunk)
        assert all_of(client).startswith(b"HTTP/1.1 413 ")


def test_who_sends_a_body_that_is_too_long_to_its_end_reads_why_it_was_refused(site):
    """A server that closes a connection with unread bytes takes its answer back."""
    with opened(site) as client:
        client.sendall(head("POST", "/sign-in", f"Content-Length: {40 * 1024**2}"))
        sender = threading.Thread(target=lambda: client.sendall(b"a" * 40 * 1024**2))
        sender.start()
        answer = all_of(client)
        sender.join(20)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert not sender.is_alive()


def test_a_body_that_is_announced_is_asked_for_only_if_it_is_taken(site):
    with opened(site) as client:
        client.sendall(head("POST", "/sign-in", "Expect: 100-continue", f"Content-Length: {10**9}"))
        assert all_of(client).startswith(b"HTTP/1.1 413 ")
    with opened(site) as client:
        client.sendall(head("POST", "/sign-in", "Expect: 100-continue", "Content-Length: 3"))
        assert client.recv(65536).startswith(b"HTTP/1.1 100 ")


def test_lines_before_the_body_have_an_end(site):
    with opened(site) as client:
        client.sendall(head("GET", "/live", *(f"X-{number}: {'a' * 1000}" for number in range(40))))
        assert all_of(client).startswith(b"HTTP/1.0 431 ")


MALFORMED = {
    "a line without a name": (["no colon"], 400, "invalid"),
    "two lengths": (["Content-Length: 1", "Content-Length: 2"], 400, "invalid"),
    "long lines": ([f"X-{number}: {'a' * 1000}" for number in range(40)], 431, "headers_too_long"),
    "an unknown encoding": (["Transfer-Encoding: gzip"], 501, "not_implemented"),
}


@pytest.mark.parametrize(("lines", "status", "code"), MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_request_is_answered_in_the_form_of_the_api_or_in_a_sentence(site, lines, status, code):
    answers = []
    for path in ("/api/v1/patients", "/sign-in"):
        with opened(site) as client:
            client.sendall(head("GET", path, *lines))
            lines_of_answer, _, body = all_of(client).decode().partition("\r\n\r\n")
        assert f" {status} " in lines_of_answer.split("\r\n")[0]
        answers.append((lines_of_answer, body))
    (of_api, problem), (of_page, sentence) = answers
    assert "Content-Type: application/problem+json" in of_api
    told = json.loads(problem)
    assert (told["status"], told["code"], told["type"]) == (status, code, f"urn:therapybridge:problem:{code}")
    assert told["request_id"]
    assert "Content-Type: text/plain" in of_page
    assert sentence == f"{told['detail']}\n"


def test_what_has_begun_is_answered_when_the_server_is_told_to_stop(site, tmp_path):
    with deployment(tmp_path) as other:
        other.start_web()
        with opened(other) as client:
            client.sendall(head("GET", "/live"))
            answer = b""
            while not answer.endswith(b"}"):  # then the process has the connection
                answer += client.recv(65536)
            lines = head("POST", "/api/v1/auth/login", "Content-Type: application/json", "Content-Length: 2")
            client.sendall(lines + b"{")
            web = other.processes["web"]
            web.terminate()
            until(lambda: not other._accepts(other.web_port) or not other.is_live(), 10, "no longer takes connections")
            client.sendall(b"}")
            assert client.recv(65536).startswith(b"HTTP/1.1 400 ")
        assert web.wait(20) == 0


class Clock:
    """Whether a connection is overdue, by its own facts alone."""

    def __init__(self, **facts):
        self.connection = connections.Connection.__new__(connections.Connection)
        self.connection.requests, self.connection.last_activity = [], 1000.0
        vars(self.connection).update(facts)

    def overdue_after(self, seconds):
        return self.connection.is_overdue(1000.0 + seconds)


def arriving(*, headers_finished, received=0):
    request = connections.Request.__new__(connections.Request)
    request.began, request.headers_finished, request.body_bytes_received = 1000.0, headers_finished, received
    return request


def test_an_unused_connection_is_closed_after_a_minute():
    assert not Clock().overdue_after(59)
    assert Clock().overdue_after(61)


def test_a_connection_is_kept_while_its_request_is_being_answered():
    assert not Clock(requests=["one"]).overdue_after(10_000)


def test_lines_have_to_come_within_seconds_however_busily_they_drip():
    dripping = Clock(request=arriving(headers_finished=False))
    dripping.connection.last_activity = 1020.0
    assert not dripping.overdue_after(20)
    assert dripping.overdue_after(21)


def test_a_body_may_take_long_if_it_comes_at_the_pace_of_a_bad_line():
    steady = Clock(request=arriving(headers_finished=True, received=4_000_000))
    steady.connection.last_activity = 4600.0
    assert not steady.overdue_after(3600)


def test_a_body_that_stops_or_drips_is_given_up():
    stopped = Clock(request=arriving(headers_finished=True, received=4_000_000))
    assert stopped.overdue_after(31)
    dripping = Clock(request=arriving(headers_finished=True, received=3_000))
    dripping.connection.last_activity = 1060.0
    assert dripping.overdue_after(60)


def test_an_answer_that_nobody_reads_is_given_up():
    unread = Clock(total_outbufs_len=10, requests=["one"])
    assert not unread.overdue_after(30)
    assert unread.overdue_after(31)
