"""Spacing of rendered text: words do not run into times or other elements, and separator dots have spaces.

Templates lose a space easily, at an include that ends without a line break, or when a formatter moves a tag.
"""

import json
import re
from collections import Counter
from contextlib import redirect_stdout
from html.parser import HTMLParser
from io import StringIO

import pytest
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.core.management import call_command
from django.test import Client
from django.urls import resolve

from accounts.models import User
from accounts.tests.emails import emails
from accounts.tests.passkey import Passkey
from e2e import states
from sessions_app.models import TherapySession

INLINE = {"a", "abbr", "b", "code", "em", "i", "kbd", "label", "small", "span", "strong", "svg", "time", "use"}
UNSEEN = {"script", "style", "title", "textarea", "select"}
EDGE = "\x01"  # where an inline element begins or ends
GLUED = {
    "a word sticks to another element": rf"\w{EDGE}+\w",
    "no space before ·": rf"[^\s{EDGE}]{EDGE}*·",
    "no space after ·": rf"·{EDGE}*[^\s{EDGE}]",
    "no space after a comma": rf"[,;]{EDGE}*[A-Za-z]",
    "a space before a comma or full stop": rf"\w{EDGE}* {EDGE}*[,;.](?!\w)",
    "a word sticks to a bracket": rf"\w{EDGE}*\(|\){EDGE}*\w",
}
READERS = ("therapist", "therapist2", "admin", "patient", "closed", "plain", "secured", "keys")
OF_A_KIND = 2  # pages of one route that each reader looks at
ROUTES = 46  # that are visited at the least: fewer would mean that links lead nowhere
KINDS = 6  # of e-mails, likewise
SECOND = "/account/second-factor"
CONFIRM = "/account/confirm"
NEW_CODES = f"{SECOND}/codes/new"
FACTORS = (SECOND, f"{SECOND}/app", f"{SECOND}/codes", NEW_CODES, f"{SECOND}/passkeys")
FACTORS += (f"{SECOND}/passkeys/new", CONFIRM, f"{CONFIRM}/second-factor", f"{CONFIRM}/passkey")


class Lines(HTMLParser):
    """The text of a page, split at block elements."""

    def __init__(self, html):
        super().__init__()
        self.parts, self.unseen = [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.unseen += tag in UNSEEN
        self.parts.append(EDGE if tag in INLINE else "\n")

    def handle_endtag(self, tag):
        self.unseen -= tag in UNSEEN
        self.parts.append(EDGE if tag in INLINE else "\n")

    def handle_data(self, data):
        if not self.unseen:
            self.parts.append(" ".join(re.split(r"\s+", data)))

    def all(self):
        return [line.strip() for line in "".join(self.parts).split("\n")]


def glued(html):
    """Spacing defects of a page, with context."""
    return defects(Lines(html).all())


def defects(lines):
    """Spacing defects of lines, with context."""
    return [
        f"{what}: {line[max(0, found.start() - 40) : found.end() + 40].replace(EDGE, '')}"
        for line in lines
        for what, pattern in GLUED.items()
        for found in re.finditer(pattern, line)
    ]


@pytest.mark.parametrize(
    ("html", "number"),
    [
        ("<p>Shared <time>15:47</time>by Robin</p>", 1),
        ("<p><time>3 Mar 2026</time>· waiting</p>", 1),
        ("<p>2026 ·waiting</p>", 1),
        ("<p><span>body image</span><span>work</span></p>", 1),
        ("<p>Robin , 3 Mar</p>", 1),
        ("<p>Robin,spoken</p>", 1),
        ("<p>Robin(spoken)</p>", 1),
        ("<p>Robin <b>(spoken)</b>today</p>", 1),
        ("<p>Robin (spoken), today (<b>3 Mar</b>).</p>", 0),
        ("<p>Due <time>3 Mar</time>, spoken · <b>version</b> 1,000.5</p><p>Next</p>", 0),
        ("<ul><li>One</li><li>Two</li></ul><script>a,b</script>", 0),
    ],
)
def test_the_check_sees_what_it_is_for(html, number):
    assert len(glued(html)) == number


def add_passkey(user):
    WebAuthn.add(user, "My telephone", Passkey().created({"publicKey": {"challenge": "any"}}))


@pytest.fixture
def places(db, settings):
    """The demonstration clinic with people and rows in every state; the paths of e-mailed links."""
    settings.DEMO_PASSWORD = "correct horse battery"
    call_command("demo", stdout=StringIO())
    printed = StringIO()
    with redirect_stdout(printed):
        states.seed(settings.DEMO_PASSWORD)
    add_passkey(User.objects.get(email="keys@demo.example"))
    return json.loads(printed.getvalue().splitlines()[-1])["places"]


def walk(client, start):
    """Crawl from the pages of `start`, a few per route: the route that was shown, and its text."""
    queue, seen = list(start), set()
    known = Counter()
    while queue:
        path = queue.pop(0)
        route = resolve(path.partition("?")[0]).route
        if path in seen or (path not in start and known[route] >= OF_A_KIND):
            continue
        seen.add(path)
        known[route] += 1
        answer = client.get(path, follow=True)
        if answer.headers["Content-Type"].startswith("text/html"):
            html = answer.content.decode()
            yield answer.resolver_match.route, html
            queue += [link for link in re.findall(r'href="(/[^"#]*)', html) if is_ours(link)]


def is_ours(link):
    """Whether it is a portal page; the admin site is Django's, and the API docs are Swagger's."""
    return not link.startswith(("/static/", "/admin/", "/api/"))


def first_pages(user):
    """The start page, the person's own pages, and for a therapist a session in every state, shared and not."""
    rows = TherapySession.objects.visible_to(user).values_list("pk", "status", "summary__approved_at", named=True)
    of_each = {(row.status, row.summary__approved_at is None): row.pk for row in rows}.values()
    return ["/", "/account", *FACTORS, *(f"/sessions/{pk}{tail}" for pk in of_each for tail in ("", "/print"))]


@pytest.mark.slow
@pytest.mark.any_database
def test_every_page_has_its_spaces(places, client_for):
    visits = [(Client(), ["/sign-in", *(path for path in places.values() if path.startswith("/"))])]
    for name in READERS:
        user = User.objects.get(email=f"{name}@demo.example")
        visits.append((client_for(user, second_factor=True), first_pages(user)))
    pages = [page for client, start in visits for page in walk(client, start)]
    shown = client_for(User.objects.get(email="secured@demo.example"), second_factor=True).post(NEW_CODES, follow=True)
    pages.append(("codes shown", shown.content.decode()))
    assert pages[-1][1].count('<code class="key">') == 10
    assert {wrong for _, html in pages for wrong in glued(html)} == set()
    assert len({route for route, _ in pages}) >= ROUTES


@pytest.mark.slow
@pytest.mark.any_database
@pytest.mark.usefixtures("places")
def test_every_email_has_its_spaces(client_for):
    plain = User.objects.get(email="plain@demo.example")
    browser = client_for(plain, second_factor=True)
    Client().post("/password/forgot", {"email": plain.email})
    browser.post("/account/email", {"email": "new@demo.example"})
    sent = [email for email in emails() if email.html]  # what was sent long ago is emptied
    assert {wrong for email in sent for wrong in [*glued(email.html), *defects(email.text.splitlines())]} == set()
    assert len({email.kind for email in sent}) >= KINDS
