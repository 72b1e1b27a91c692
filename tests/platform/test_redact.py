"""Redaction: what is found, what is left alone, and that lines stay lines.

No secret stands here, not even a made-up one: they are drawn when the test runs, so that no scanner of
repositories, ours or a host's, has anything to complain about.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotfish.platform.redact import redact, redact_around
from pilotfish.platform.secret_shapes import SHAPES
from pilotfish.platform.secrets import PLACEHOLDER

ALNUM = string.ascii_letters + string.digits
URL_SAFE = ALNUM + "_-"
HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + "234567"
DIGITS = string.digits[1:]
KEY_KIND = "PRIVATE " + "KEY"


def drawn(length: int, alphabet: str = ALNUM) -> str:
    """A string as a service draws it: a digit and a letter stand in it."""
    chars = random.Random(length).choices(alphabet, k=length)
    return "".join(
        ["a" if "a" in alphabet else alphabet[0], *chars[2:], "7" if "7" in alphabet else chars[0]]
    )


# One of each shape, by the `owner` under which it stands in the table.
OF_SERVICES: dict[str, list[Callable[[], str]]] = {
    "AWS access key id": [lambda: "AKIA" + drawn(16, UPPER)],
    "GitHub": [lambda: "ghp_" + drawn(36), lambda: f"github_pat_{drawn(22)}_{drawn(59)}"],
    "GitLab": [lambda: "glpat-" + drawn(20, URL_SAFE)],
    "Slack": [
        lambda: f"xoxb-{drawn(12, DIGITS)}-{drawn(12, DIGITS)}-{drawn(24)}",
        lambda: "xapp-1-" + drawn(40),
    ],
    "Slack webhook": [lambda: f"hooks.slack.com/services/{drawn(11, UPPER)}/{drawn(24)}"],
    "model services": [
        lambda: "sk-" + drawn(32, HEX),
        lambda: "sk-proj-" + drawn(96, URL_SAFE),
        lambda: "sk-ant-api03-" + drawn(95, URL_SAFE),
        lambda: "sk-or-v1-" + drawn(64, HEX),
    ],
    "Hugging Face": [lambda: "hf_" + drawn(34)],
    "Groq": [lambda: "gsk_" + drawn(52)],
    "xAI": [lambda: "xai-" + drawn(80)],
    "Perplexity": [lambda: "pplx-" + drawn(48)],
    "Replicate": [lambda: "r8_" + drawn(37)],
    "Google": [lambda: "AIza" + drawn(35, URL_SAFE), lambda: "GOCSPX-" + drawn(28, URL_SAFE)],
    "Stripe": [lambda: "sk_live_" + drawn(24), lambda: "whsec_" + drawn(32)],
    "SendGrid": [lambda: f"SG.{drawn(22)}.{drawn(43)}"],
    "Twilio": [lambda: "SK" + drawn(32, HEX)],
    "npm": [lambda: "npm_" + drawn(36)],
    "PyPI": [lambda: "pypi-" + drawn(90, URL_SAFE)],
    "Docker": [lambda: "dckr_pat_" + drawn(27, URL_SAFE)],
    "DigitalOcean": [lambda: "dop_v1_" + drawn(64, HEX)],
    "HashiCorp": [lambda: "hvs." + drawn(90, URL_SAFE), lambda: f"{drawn(14)}.atlasv1.{drawn(67)}"],
    "Shopify": [lambda: "shpat_" + drawn(32, HEX)],
    "Telegram": [lambda: f"{drawn(10, DIGITS)}:AA{drawn(33, URL_SAFE)}"],
    "Databricks": [lambda: "dapi" + drawn(32, HEX)],
    "Grafana": [lambda: "glsa_" + drawn(40)],
    "Linear": [lambda: "lin_api_" + drawn(40)],
    "Atlassian": [lambda: "ATATT3" + drawn(180, URL_SAFE)],
    "Alibaba Cloud": [lambda: "LTAI" + drawn(20)],
    "age": [lambda: "AGE-SECRET-KEY-1" + drawn(58, UPPER)],
    "JSON Web Token": [lambda: f"eyJ{drawn(30)}.eyJ{drawn(60)}.{drawn(43, URL_SAFE)}"],
    "password in a URL": [lambda: "postgres://app:" + drawn(9) + "@db.internal/app"],
    "HTTP credentials": [
        lambda: "Authorization: Bearer " + drawn(40),
        lambda: "authorization: basic " + drawn(24),
    ],
}

NAMED = [
    'API_KEY = "{}"',
    "password: str = '{}'",
    '{{"client_secret": "{}"}}',
    'Client(timeout=3, auth_token="{}")',
    'os.environ["SECRET_KEY"] = "{}"',
    'headers.set("X-Auth-Token", "{}");',
    'accessKey := "{}"',
    '  private-key: "{}"',
    'if password == "{}":',
    "export DB_PASSWORD={}",
    "  client_secret: {}",
    "aws_secret_access_key = {}\r",
    'api_key = "{}',  # the closing quote has not been typed yet
    'api_key = "{}<HOLE/>',  # and a chat model is asked what comes next
]

ORDINARY = [
    "token = next_token()",
    'password = input("password: ")',
    'tokenizer = Tokenizer.from_pretrained("openai/clip-vit-large-patch14")',
    'key = "user_name"',
    'API_KEY = os.environ["API_KEY"]',
    'API_KEY = "your-api-key-12345"',
    'API_KEY = "xxxxxxxxxxxx1234"',
    'secret = "<redacted>"',
    'pad_token = "[unused1]"',
    "sha256 = '" + HEX * 4 + "'",
    "commit 7cebd42f31d52ca9e2cf1b1d2f8f1d1b0f3c5d77",
    "from sk_learn import k_test_case",
    "https://example.org:8080/path@2x.png",
    "git@example.org:owner/repository.git",
    "secret = config.secret_v2",
    "join(pwd, './data/mt19937-testset-1.csv')",
    f"a line that only speaks of a {KEY_KIND}, and a_long_identifier_which_is_not_base64_at_all",
]


@pytest.mark.parametrize("owner", [shape.owner for shape in SHAPES])
def test_the_secrets_of_each_service_are_found_by_their_shape(owner: str) -> None:
    for draw in OF_SERVICES[owner]:
        secret = draw()
        redacted, count = redact(f"client = connect('{secret}')  # as they said\n")
        assert count == 1, secret
        assert PLACEHOLDER in redacted
        assert secret.removesuffix("@db.internal/app")[-8:] not in redacted
        assert redacted.endswith("')  # as they said\n")


@pytest.mark.parametrize("line", NAMED)
@pytest.mark.parametrize("value", [drawn(12), drawn(32, HEX), drawn(40, ALNUM + "/+"), "hunter2" + "!kd93"])
def test_a_drawn_value_with_a_telling_name_is_found(line: str, value: str) -> None:
    assert redact(f"x = 1\n{line.format(value)}\ny = 2\n") == (
        f"x = 1\n{line.format(PLACEHOLDER)}\ny = 2\n",
        1,
    )


@pytest.mark.parametrize("line", ORDINARY)
def test_ordinary_source_stays_as_it_is(line: str) -> None:
    assert redact(line + "\n") == (line + "\n", 0)


@pytest.mark.parametrize("newline", ["\n", "\r\n", '\\n"\n    "'])
def test_a_private_key_loses_its_body_and_keeps_its_lines(newline: str) -> None:
    body = [drawn(64, ALNUM + "/+") for _ in range(3)] + [drawn(20) + "=="]
    text = newline.join(
        [f"-----BEGIN RSA {KEY_KIND}-----", *body, f"-----END RSA {KEY_KIND}-----", "rest = 1"]
    )
    redacted, count = redact(text)
    assert count == 4
    assert not any(line in redacted for line in body)
    assert redacted.count("\n") == text.count("\n")
    assert redacted.endswith("rest = 1")


@pytest.mark.parametrize("missing", ["BEGIN", "END"])
def test_a_private_key_is_found_though_one_of_its_markers_was_cut_off(missing: str) -> None:
    line = drawn(64, ALNUM + "/+")
    marker = {"BEGIN": f"{line}\n-----END {KEY_KIND}-----", "END": f"-----BEGIN {KEY_KIND}-----\n{line}"}[
        missing
    ]
    redacted, count = redact(marker)
    assert (count, line in redacted) == (1, False)


def test_a_secret_is_found_though_the_cursor_stands_in_it() -> None:
    secret = "sk-" + drawn(48)
    text = f'key = "{secret}"\nnext_line()\n'
    for cursor in range(len(text) + 1):
        before, after, count = redact_around(text[:cursor], text[cursor:])
        assert count == 1
        assert before + after == f'key = "{PLACEHOLDER}"\nnext_line()\n'
        if cursor <= len('key = "'):
            assert before == text[:cursor]


def test_the_placeholder_does_not_tell_the_length() -> None:
    assert redact(f"password = '{drawn(9)}'") == redact(f"password = '{drawn(90)}'")


PIECES = st.sampled_from(
    [
        "a1",
        "\n",
        '"',
        "'",
        " = ",
        "token",
        "password",
        ":",
        "sk-",
        drawn(40),
        f"-----BEGIN {KEY_KIND}-----",
        "\r\n",
        "é",
        "İ",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join), st.integers(0, 300))
def test_any_text_keeps_its_lines_and_is_redacted_once_for_all(text: str, cursor: int) -> None:
    redacted, count = redact(text)
    assert redacted.count("\n") == text.count("\n")
    assert (redacted == text) == (count == 0)
    before, after, _ = redact_around(text[:cursor], text[cursor:])
    assert before + after == redacted
    assert redact(redacted)[1] == 0
