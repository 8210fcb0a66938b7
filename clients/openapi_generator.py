"""A client by OpenAPI Generator (python): signs in, uploads, polls, reads, plays, approves and signs out."""

import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from openapi_client import (
    AnswerRequest,
    ApiClient,
    ApproveSummaryRequest,
    AuthApi,
    Challenge,
    Configuration,
    MeApi,
    SessionsApi,
    SignInRequest,
)
from openapi_client.exceptions import UnauthorizedException


def processed(sessions: SessionsApi, session: UUID) -> str:
    """The status once nothing is to be waited for."""
    while True:
        answer = sessions.sessions_progress_retrieve_with_http_info(session)
        if not answer.data.is_running:
            return answer.data.status
        time.sleep(int(answer.headers.get("Retry-After", 1)))


def main(base: str, email: str, password: str, code: str, patient: str, file: str) -> None:
    """Raise unless everything works."""
    client = ApiClient(Configuration(host=base))
    auth, me, sessions = AuthApi(client), MeApi(client), SessionsApi(client)

    asked = auth.auth_login_create(SignInRequest(email=email, password=password))
    assert isinstance(asked, Challenge), "a second factor is asked for"
    answer = AnswerRequest(challenge=asked.challenge, code=code, device_name="openapi-generator")
    client.configuration.access_token = auth.auth_mfa_create(answer).access_token

    sound = ("talk.flac", Path(file).read_bytes())
    date = datetime(2026, 1, 7, 10, tzinfo=UTC)
    session = sessions.sessions_upload_create(UUID(patient), date, sound, idempotency_key=str(uuid4()))
    assert processed(sessions, session.id) == "processed"

    notes = sessions.sessions_notes_retrieve(session.id)
    topics = [one.topic for one in notes.notes.key_topics]
    assert topics

    heard = sessions.sessions_recording_retrieve(session.id, range="bytes=0-99")
    assert len(heard) == 100
    link = sessions.sessions_recording_link(session.id)
    with urllib.request.urlopen(link.url) as played:
        assert played.status == 200

    edited = ApproveSummaryRequest(version=notes.patient_summary.version, text="You spoke about your week.")
    summary = sessions.sessions_approve_summary_create(session.id, approve_summary_request=edited)
    assert summary.status == "shared"

    auth.auth_logout_create()
    try:
        me.me_retrieve()
    except UnauthorizedException:
        print(f"{len(topics)} topics")
    else:
        raise AssertionError("still signed in")


if __name__ == "__main__":
    main(*sys.argv[1:])
