# SPDX-License-Identifier: Apache-2.0
"""Private things planted in every field of every format: none becomes a fact or reaches a document."""

import copy
import datetime
import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.assess import assess
from core.documents import render
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference
from core.rules import RuleBook, load_rulebook
from core.scan import scan_path
from tests.hostile.tool_maker import FOLDERS, Weights, build
from tests.hostile.tool_settings import SECRET

MARK = "zqcanary"
SHAPES = {
    "word": MARK,
    "caption": f"portrait of {MARK}, masterpiece",
    "path": f"/home/{MARK}/models/private/checkpoint.safetensors",
    "windows": f"C:\\Users\\{MARK}\\models\\x.pt",
    "token": f"hf_{MARK}AbCdEfGhIjKlMnOpQrStUvWxYz",
    "mail": f"{MARK}@example.org",
    "login": f"https://{MARK}:pass@host.example/repo.git",
}
PUBLIC_NAMES = frozenset({"base_path_name", "base_names", "model_family", "config", "adapter_config"})
"""Plain words may stand here: the last part of a base model's path is the base's name, timm's model is a name from its
list of architectures. Configurations of networks are kept for counting only; the third test shows that no document
prints them."""


def planted(content: Any, word: str) -> Any:
    """`content` with `word` wherever the maker put SECRET, keys included."""
    if isinstance(content, str):
        return content.replace(SECRET, word)
    if isinstance(content, Weights):
        inner = json.dumps(word)[1:-1]  # texts of a header hold JSON themselves
        return Weights(
            {key: planted_text(text, word, inner) for key, text in content.texts.items()}, content.tensors
        )
    if isinstance(content, dict):
        return {planted(key, word): planted(value, word) for key, value in content.items()}
    return [planted(item, word) for item in content] if isinstance(content, list) else content


def planted_text(text: str, word: str, inner: str) -> str:
    return text.replace(SECRET, inner if text.startswith(("{", "[")) else word)


def leaves(content: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every text and to every set of named values inside parsed settings."""
    if isinstance(content, dict):
        yield (*way, MARK)
        for key, value in content.items():
            yield from leaves(value, (*way, key))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from leaves(value, (*way, index))
    elif isinstance(content, str | int | float | bool | None):
        yield way


def replaced(content: Any, way: tuple[Any, ...], word: str) -> Any:
    changed = copy.deepcopy(content)
    if isinstance(content, Weights):
        key, *inside = way
        texts = dict(content.texts)
        texts[key] = json.dumps(replaced(json.loads(texts[key]), tuple(inside), word)) if inside else word
        return Weights(texts, content.tensors)
    if not way:
        return word
    place = changed
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = word
    return changed


def ways(content: Any) -> Iterator[tuple[Any, ...]]:
    if isinstance(content, Weights):
        for key, text in content.texts.items():
            if text.startswith(("{", "[")):
                yield from ((key, *way) for way in leaves(json.loads(text)) if way)
            yield (key,)
        return
    if isinstance(content, dict | list):
        yield from leaves(content)


def facts_with_mark(result: ScanResult) -> dict[str, Any]:
    return {
        fact.name: fact.value
        for fact in result.facts
        if MARK in json.dumps(fact.model_dump(mode="json")).lower()
    }


@functools.cache
def rulebook() -> RuleBook:
    return load_rulebook()


def documents(result: ScanResult) -> str:
    project = Project(folder="/somewhere", scan=result)
    done = assess(project, rulebook=rulebook(), reference=load_reference(), today=datetime.date(2026, 11, 23))
    kinds = [document.id for document in done.documents] or ["model_card"]
    return "\n".join(render(kind, project, done).content for kind in kinds)


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_what_the_tools_hold_back_stays_out(name: str, shape: str, tmp_path: Path) -> None:
    files = {
        path.replace(SECRET, "x"): planted(content, SHAPES[shape]) for path, content in FOLDERS[name].items()
    }
    result = scan_path(build(tmp_path, files))
    assert result.facts
    assert facts_with_mark(result) == {}
    assert not any(MARK in note for note in result.notes)
    assert MARK not in documents(result).lower()


@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_names_of_folders_stay_on_this_machine(name: str, tmp_path: Path) -> None:
    """People drop a folder above the model's; what they call it is theirs."""
    files = (
        {"config.json": {"model_type": "llama"}} if name == "axolotl_card" else {}
    )  # a README alone marks no model
    build(tmp_path / MARK / f"{MARK} of mira", {**files, **FOLDERS[name]})
    result = scan_path(tmp_path)
    assert result.facts
    assert MARK not in documents(result).lower()


@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_a_private_thing_in_any_one_field_is_no_fact(name: str, tmp_path: Path) -> None:
    """Every text, number and set of named values in turn, also those where the tool writes something harmless."""
    tried = 0
    for path, content in FOLDERS[name].items():
        for way in ways(content):
            for shape in ("word", "path", "token"):
                word = SHAPES[shape]
                folder = tmp_path / str(tried)
                tried += 1
                result = scan_path(build(folder, {**FOLDERS[name], path: replaced(content, way, word)}))
                found = facts_with_mark(result)
                allowed = PUBLIC_NAMES if shape in ("word", "caption") else frozenset[str]()
                if shape == "word" and way[0] == "hf_config":
                    # LitGPT's own list of models keeps the two halves of a public id apart.
                    allowed |= {"base_model"}
                assert found.keys() <= allowed, (path, way, shape, found)
                assert not any(MARK in note for note in result.notes), (path, way, result.notes)
    assert tried or name in ("fastai", "axolotl_card", "licence")


@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_private_things_in_all_fields_at_once_reach_no_document(name: str, tmp_path: Path) -> None:
    """All texts that do not decide which tool it is become paths of a person's home."""
    whole = scan_path(build(tmp_path / "whole", FOLDERS[name]))
    files = dict(FOLDERS[name])
    number = 0
    for path, content in FOLDERS[name].items():
        for way in ways(content):
            number += 1
            changed = replaced(files[path], way, SHAPES["path"])
            result = scan_path(build(tmp_path / str(number), {**files, path: changed}))
            if result.facts and result.fact("training_tool") == whole.fact("training_tool"):
                files[path] = changed
    result = scan_path(build(tmp_path / "all", files))
    assert MARK not in documents(result).lower()
