# SPDX-License-Identifier: Apache-2.0
"""How a configuration is read: what counts as a number, a flag, a list; what stands in for what is missing."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from core.compute.architectures import build, knows, model_type, model_types
from core.compute.architectures.config import LARGEST, MOST_LAYERS, Config
from core.compute.flops import count_flops, supported
from core.compute.inputs import Inputs
from core.compute.notes import Note
from core.errors import BadConfig
from tests.unit.compute.configs import TINY_LLAMA


def of(**values: Any) -> Config:
    return Config(values)


def default(key: str, value: object) -> Note:
    return Note("default", (("key", key), ("value", str(value))))


READ: list[tuple[Callable[[Config], object], Any, object]] = [
    (lambda c: c.count("k"), 1, 1),
    (lambda c: c.count("k"), LARGEST, LARGEST),
    (lambda c: c.count("k", low=0), 0, 0),
    (lambda c: c.count("k", 7), None, 7),
    (lambda c: c.layers("k"), MOST_LAYERS, MOST_LAYERS),
    (lambda c: c.flag("k"), None, False),
    (lambda c: c.flag("k", True), None, True),
    (lambda c: c.flag("k", True), False, False),
    (lambda c: c.word("k"), None, ""),
    (lambda c: c.word("k", "a"), None, "a"),
    (lambda c: c.word("k", "a"), "b", "b"),
    (lambda c: c.part("k"), None, {}),
    (lambda c: c.part("k"), {"a": 1}, {"a": 1}),
    (lambda c: c.sides("k"), 4, (4, 4)),
    (lambda c: c.sides("k"), [3, 4], (3, 4)),
    (lambda c: c.sides("k"), (1, 1), (1, 1)),
    (lambda c: c.sides("k", high=9), [9, 9], (9, 9)),
    (lambda c: c.words("k", 2), ["a", "b", "c"], ("a", "b")),
    (lambda c: c.words("k", 2), ("a", "b"), ("a", "b")),
    (lambda c: c.words("k", 2), None, None),
    (lambda c: c.names("k"), ["a", "b", "c"], ("a", "b", "c")),
    (lambda c: c.names("k"), ["a"], ("a",)),
    (lambda c: len(c.names("k") or ()), ["a"] * MOST_LAYERS, MOST_LAYERS),
    (lambda c: c.names("k"), None, None),
    (lambda c: c.counts("k"), [0, 2], (0, 2)),
    (lambda c: c.counts("k", low=1, most=2), (1, LARGEST), (1, LARGEST)),
    (lambda c: c.counts("k"), [], ()),
    (lambda c: c.counts("k"), None, None),
    (lambda c: c.share("k", 12, 4), None, 3),
]
REFUSED: list[tuple[Callable[[Config], object], Any]] = [
    *((lambda c: c.count("k"), bad) for bad in (None, 0, -1, True, 2.0, "2", LARGEST + 1)),
    (lambda c: c.layers("k"), MOST_LAYERS + 1),
    *((lambda c: c.flag("k"), bad) for bad in (1, 0, "true")),
    *((lambda c: c.word("k"), bad) for bad in (1, True, ["a"])),
    *((lambda c: c.part("k"), bad) for bad in ([], "a", 1)),
    *(
        (lambda c: c.sides("k", high=9), bad)
        for bad in (0, 10, [1], [1, 2, 3], [0, 1], [1, 0], [1, 10], [1, 2.0], [True, 1], ["a", "b"], [1, "b"])
    ),
    *((lambda c: c.words("k", 2), bad) for bad in ("ab", ["a"], ["a", 1], [1, "a"], {"a": 1, "b": 2})),
    *((lambda c: c.names("k"), bad) for bad in ("a", [], ["a", 1], [1], ["a"] * (MOST_LAYERS + 1), {})),
    *((lambda c: c.counts("k", most=2), bad) for bad in ([1, 2, 3], "12", 5, {})),
    *((lambda c: c.counts("k", low=1), bad) for bad in ([0], [1, -1], [True], [1, 2.0], [LARGEST + 1])),
    (lambda c: c.share("k", 13, 4), None),
]


def test_values_that_are_read() -> None:
    for number, (read, value, wanted) in enumerate(READ):
        assert read(of(k=value)) == wanted, (number, value)


def test_values_that_are_refused() -> None:
    for number, (read, value) in enumerate(REFUSED):
        got: object = BadConfig
        with contextlib.suppress(BadConfig):
            got = read(of(k=value))
        assert got is BadConfig, (number, str(value)[:60])


def test_names_of_no_text_ask_for_one_at_least() -> None:
    with pytest.raises(BadConfig, match="1"):
        of(k=[]).names("k")


def test_a_default_is_noted_once_and_a_flag_never() -> None:
    c = of(given=3).use({"width": 8, "given": 9, "on": True, "none": None})
    assert (c.count("width"), c.count("width"), c.count("given"), c.flag("on")) == (8, 8, 3, True)
    assert c.get("none") is None
    assert c.notes == [default("width", 8)]


def test_a_null_in_the_file_switches_a_default_off() -> None:
    c = of(window=None).use({"window": 4096})
    assert c.get("window") is None
    assert c.notes == []


def test_a_key_goes_by_another_name_too() -> None:
    c = of(n_embd=5).use({"hidden_size": 768, "n_layer": 12}, {"hidden_size": "n_embd", "n_layer": "layers"})
    assert (c.count("hidden_size"), c.count("n_layer")) == (5, 12)
    assert (c.has("hidden_size"), c.has("n_embd"), c.has("n_layer"), c.has("layers")) == (
        True,
        True,
        False,
        False,
    )
    assert c.notes == [default("layers", 12)]
    assert of(hidden_size=4, n_embd=5).use({}, {"hidden_size": "n_embd"}).count("hidden_size") == 4
    assert not of(a=None).has("a")


def test_later_defaults_stand_behind_those_that_are_there() -> None:
    c = of(w=1).use({"a": 1}, {"x": "w"}).also({"a": 2, "b": 3}, {"x": "v", "y": "w"})
    assert (c.count("a"), c.count("b"), c.count("x"), c.count("y")) == (1, 3, 1, 1)
    assert of().use({"a": 1}).also({"b": 2}).count("a") == 1


def test_a_part_writes_into_the_notes_of_the_whole() -> None:
    whole = of(vision={"w": 2})
    part = whole.inner("vision", {"v": 3}, {"a": "w"})
    assert (part.count("v"), part.count("a")) == (3, 2)
    assert whole.notes == [default("v", 3)]
    assert whole.inner("text", {"v": 4}).count("v") == 4


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ({}, 2),
        ({"num_labels": 5, "id2label": {"0": "a"}}, 5),
        ({"num_labels": None, "id2label": {"0": "a", "1": "b", "2": "c"}}, 3),
        ({"id2label": {}}, 2),
        ({"id2label": ["a", "b", "c"]}, 2),
    ],
)
def test_labels(values: dict[str, Any], labels: int) -> None:
    assert of(**values).labels() == labels


def test_the_type_is_a_known_word() -> None:
    assert list(model_types()) == sorted(set(model_types()))
    assert len(model_types()) > 180
    for config in ({"model_type": "llama"}, {"_class_name": "UNet2DModel"}):
        assert knows(config)
        assert model_type(config) == next(iter(config.values()))
    for bad in ({}, {"model_type": "x"}, {"model_type": 5}, {"model_type": ["llama"]}, {"hidden_size": 4}):
        assert not knows(bad)
        assert not supported(bad)
        with pytest.raises(BadConfig):
            model_type(bad)


def test_a_class_of_its_own_kind_is_counted_as_the_usual_one_and_that_is_said_first() -> None:
    usual = count_flops(TINY_LLAMA, Inputs(seq_len=8))
    named = count_flops(TINY_LLAMA | {"architectures": ["LlamaForMyOwn"]}, Inputs(seq_len=8))
    assert named._replace(notes=()) == usual._replace(notes=())
    assert named.notes[0] == Note("class", (("model_class", "LlamaForMyOwn"),))
    assert Note("head", (("head", "ForCausalLM"),)) in named.notes
    with pytest.raises(BadConfig, match="LlamaForMyOwn"):
        count_flops(TINY_LLAMA, Inputs(seq_len=8), model_class="LlamaForMyOwn")


@pytest.mark.parametrize("named", [[], "LlamaModel", [5], None, {}])
def test_a_list_of_classes_that_names_none(named: object) -> None:
    plain = {key: value for key, value in TINY_LLAMA.items() if key != "architectures"}
    network, reader = build(plain | {"architectures": named}, Inputs(seq_len=8))
    assert [one.key for one in reader.notes if one.key in ("class", "head")] == ["head"]
    assert network.steps[-1].name == "lm_head"  # type: ignore[union-attr]


def test_a_window_is_said_only_when_the_text_is_longer() -> None:
    config = {**TINY_LLAMA, "model_type": "mistral", "sliding_window": 16}
    for length, noted in ((15, False), (16, False), (17, True)):
        notes = count_flops(config, Inputs(seq_len=length)).notes
        assert (Note("window", (("window", "16"),)) in notes) is noted
    for none in ({"sliding_window": None}, {"sliding_window": 0}, {"use_sliding_window": False}):
        notes = count_flops(config | none, Inputs(seq_len=17)).notes
        assert not [one for one in notes if one.key == "window"]
    assert not [one for one in count_flops(config, Inputs()).notes if one.key == "window"]


def test_without_a_length_one_token_is_counted() -> None:
    assert (
        count_flops(TINY_LLAMA, Inputs()).forward_flop
        == count_flops(TINY_LLAMA, Inputs(seq_len=1)).forward_flop
    )
    one = {**TINY_LLAMA, "model_type": "mistral", "sliding_window": 1}
    assert not [note for note in count_flops(one, Inputs()).notes if note.key == "window"]
