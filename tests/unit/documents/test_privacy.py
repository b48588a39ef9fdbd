# SPDX-License-Identifier: Apache-2.0
import time

import pytest

from core.documents.privacy import Private, Withheld, find_private

FOUND = [
    (Private.TOKEN, "hf_" + "aB3" * 11),
    (Private.TOKEN, "sk-" + "a1" * 12),
    (Private.TOKEN, "AKIA" + "A1B2" * 4),
    (Private.TOKEN, "ghp_" + "a1" * 18),
    (Private.TOKEN, "github_pat_" + "a1" * 20),
    (Private.TOKEN, "glpat-" + "a1" * 10),
    (Private.TOKEN, "xoxb-" + "12" * 8),
    (Private.TOKEN, "wandb_api_key: " + "0a" * 20),
    (Private.EMAIL, "mira@example.org"),
    (Private.PATH, "/home/mira/x"),
    (Private.PATH, "/Users/mira/x"),
    (Private.PATH, "C:\\Users\\mira\\x"),
    (Private.PATH, "D:/models/x"),
    (Private.PATH, "/root"),
    (Private.PATH, "/root/x"),
    (Private.PATH, "/kaggle/working"),
    (Private.PATH, "/content/drive"),
    (Private.PATH, "~/x"),
    (Private.PATH, "\\\\server\\share\\x"),
    (Private.PATH, "file:///C:/x"),
    (Private.ADDRESS, "192.168.1.20"),
    (Private.ADDRESS, "8.8.8.8"),
    (Private.LOGIN, "https://mira:pw@example.org/x"),
    (Private.KEY_BLOCK, "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----"),
]
HARMLESS = [
    "and/or home/office",
    "https://example.org/home/x and https://example.org/content/y",
    "version 4.46.3, CUDA 12.1",
    "localhost 127.0.0.1:8000",
    "a ~ b",
    "meta-llama/Llama-3.1-8B",
    "3.5e-4 at 10:30",
    "C: drive",
    "@misc{owl2020, title={x}}",
    "sk-learn and hf_hub",
    "a" * 64,
]


@pytest.mark.parametrize(("kind", "text"), FOUND)
def test_private_things_are_seen_and_taken_out(kind: Private, text: str) -> None:
    for value in (text, f"before {text} after", f"({text})", f"`{text}`", f'"{text}"'):
        spots = find_private(value)
        assert [spot.kind for spot in spots] == [kind]
        withheld = Withheld()
        cleaned = withheld.prose(value, "x")
        assert not find_private(cleaned)
        assert text not in cleaned
        assert len(withheld.remarks) == 1
        assert Withheld().value(value, "x") == ""


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_stays(text: str) -> None:
    assert find_private(text) == ()
    assert Withheld().value(text, "x") == text


def test_what_the_person_gave_as_contact_is_let_through() -> None:
    assert find_private("mira@example.org", ["Mira@example.org"]) == ()
    assert find_private("mira@example.org", ["other@example.org"])


@pytest.mark.parametrize(
    "piece", ["a.", "a@", "/home", "-----BEGIN A KEY-----", "1.", "://a:", "sk-", "~/", "hf_"]
)
def test_a_long_text_is_searched_in_one_go(piece: str) -> None:
    started = time.process_time()
    find_private(piece * (600_000 // len(piece)))
    assert time.process_time() - started < 10
