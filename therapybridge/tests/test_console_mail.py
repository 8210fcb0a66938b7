"""E-mail on the terminal of an installation without a mail server."""

from django.core.mail import EmailMultiAlternatives

from therapybridge.core.console_mail import EmailBackend


def test_an_e_mail_is_one_line_with_its_links(capsys):
    text = "Hello\nsomebody asked.\n\nChoose: http://127.0.0.1:8000/reset/secret\n\nThe clinic"
    message = EmailMultiAlternatives("Choose a new\npassword", text, to=["ann@example.org", "ben@example.org"])
    message.attach_alternative("<p>Hello</p>", "text/html")
    message.bcc = ["eve@example.org"]
    assert EmailBackend().send_messages([message]) == 1
    to = "ann@example.org, ben@example.org, eve@example.org"
    assert capsys.readouterr().out == f"E-mail to {to}: Choose a new password http://127.0.0.1:8000/reset/secret\n"


def test_each_e_mail_has_its_line_and_no_word_of_its_text(capsys):
    messages = [
        EmailMultiAlternatives("Notice", "Nothing to open here.", to=[to]) for to in ("a@b.example", "c@d.example")
    ]
    assert EmailBackend().send_messages(messages) == 2
    assert capsys.readouterr().out == "E-mail to a@b.example: Notice\nE-mail to c@d.example: Notice\n"


def test_nothing_in_an_e_mail_steers_the_terminal(capsys):
    EmailBackend().send_messages([EmailMultiAlternatives("From \x1b[2J\x9b31mus", "", to=["a@b.example"])])
    assert capsys.readouterr().out == "E-mail to a@b.example: From \\x1b[2J\\x9b31mus\n"
