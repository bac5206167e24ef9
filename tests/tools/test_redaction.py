"""Secrets in text: whatever form they come in, nothing of them is left, and ordinary words stay."""

import pytest

from tools.redaction import HIDDEN, Redactor


@pytest.mark.parametrize(
    "secret",
    [
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "ghs_16C7e42F292c6912E7710c838347Ae178B4a",
        "ghs_1234567_eyJhbGciOi.JIUzI1NiIsInR5cCI6.IkpXVCJ9abcdefghijklmnopqrstuvwxyz-0123456789",
        "ghs_" + "a.b-c_d" * 60,
        "github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz",
        "glpat-abcdefghij0123456789",
        "hst_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "sk-proj-abcdefghijklmnop0123",
        "sk-abcd****************wxyz",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    ],
)
def test_what_looks_like_a_secret_is_hidden(secret: str) -> None:
    for text in (f"refused: {secret}", f"url=https://x.example/?q={secret}&r", f'{{"a": "{secret}"}}'):
        hidden = Redactor().text(text)
        assert secret[8:-2] not in hidden, hidden
        assert HIDDEN in hidden


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("https://user:hunter22@host/x", "https://[hidden]@host/x"),
        ("https://x-access-token:abc@github.com/a/b", "https://[hidden]@github.com/a/b"),
        ("Authorization: Basic dXNlcjpodW50ZXIyMg==", "Authorization: Basic [hidden]"),
        ("authorization=Bearer abcdefgh", "authorization=Bearer [hidden]"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "[hidden]"),
    ],
)
def test_the_place_of_a_secret_stays(text: str, hidden: str) -> None:
    assert Redactor().text(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "the hot loop of tabulate:_format ran 3.2 times as fast",
        "def sk_learn(gh): return basic + authorization",
        "https://github.com/a/b/pull/17@main",
        "commit 0123456789abcdef0123456789abcdef01234567",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert Redactor().text(text) == text


def test_known_secrets_are_hidden_as_they_stand_in_urls_too() -> None:
    redactor = Redactor(["p@ss/word", "short", "p@ss/word-longer"])
    assert redactor.known("a p@ss/word-longer b p%40ss%2Fword c short") == "a [hidden] b [hidden] c short"
    assert redactor.known_value({"x": ["p@ss/word", 3, None, True]}) == {"x": ["[hidden]", 3, None, True]}
    assert redactor.known("ghp_16C7e42F292c6912E7710c838347Ae178B4a").startswith("ghp_"), "it may be a test's of theirs"
