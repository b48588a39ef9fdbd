# SPDX-License-Identifier: Apache-2.0
"""How much data a run saw, by hand: which source wins, what it is worth, and what is missing."""

from typing import Any

import pytest

from core.compute.longest_length import only_longest
from core.compute.network import Network
from core.compute.seen import Seen, resolve_seen
from core.compute.trainer_head import Head
from core.domain.answers import Answers
from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.texts import text

FULL = Network(method="full", method_fact=None)
LORA = Network(method="lora", method_fact=None)
CONFIG = {"model_type": "llama", "vocab_size": 128, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
          "num_attention_heads": 4, "num_key_value_heads": 2, "tie_word_embeddings": False}  # fmt: skip


def seen(
    found: dict[str, Any] | None = None,
    network: Network = FULL,
    stage: str = "",
    keys: dict[str, str] | None = None,
    **said: Any,
) -> Seen:
    facts: tuple[AnyFact, ...] = tuple(
        Fact(
            name=name,
            value=value,
            origin=Origin(kind=OriginKind.FILE, file="x.json", key=(keys or {}).get(name, name)),
        )
        for name, value in (found or {}).items()
    )
    scan = ScanResult(folder_name="x", facts=facts) if facts else None
    return resolve_seen(Known(Project(scan=scan, answers=Answers.model_validate(said))), network, stage)


def names(found: Seen) -> list[str]:
    return [fact.name for fact in found.inputs]


def notes(*keys: str, **filled: object) -> tuple[str, ...]:
    return tuple(text(f"compute.assume.{key}", **filled) for key in keys)


@pytest.mark.parametrize(
    ("found", "said", "missing"),
    [
        ({}, {}, ("tokens",)),
        ({}, {"sequence_length": 8}, ("samples", "steps")),
        ({}, {"samples": 8}, ("sequence_length",)),
        ({"steps": 10}, {}, ("tokens",)),
        ({"steps": 10, "global_batch": 4}, {}, ("sequence_length",)),
        ({"samples": 0}, {"sequence_length": 8}, ("samples", "steps")),
        ({"samples": 4, "sequence_length": 0}, {}, ("sequence_length",)),
    ],
)
def test_what_is_missing(found: dict[str, Any], said: dict[str, Any], missing: tuple[str, ...]) -> None:
    got = seen(found, **said)
    assert got.missing == missing
    assert got.tokens is None


def test_sequences_times_length() -> None:
    got = seen(samples=1000, sequence_length=512)
    assert (got.samples, got.tokens, got.low, got.high, got.sure) == (1000, 512_000, 1.0, 1.0, True)
    assert names(got) == ["samples", "sequence_length"]
    assert got.steps[-1].expression == "1,000 × 512"
    assert got.steps[-1].result == "512,000 tokens"
    assert got.missing == ()


def test_a_length_from_a_file_is_the_longest_there_may_be() -> None:
    got = seen({"sequence_length": 512}, samples=1000)
    assert (got.tokens, got.low, got.high, got.sure) == (512_000, 0.4, 1.05, False)
    assert got.assumptions == notes("maximal_length")


@pytest.mark.parametrize(
    ("stage", "samples", "expression"),
    [
        ("sft", 80, "10 × 8"),
        ("", 80, "10 × 8"),
        ("dpo", 160, "10 × 8 × 2"),
        ("orpo", 160, "10 × 8 × 2"),
        ("reward", 160, "10 × 8 × 2"),
        ("kto", 80, "10 × 8"),
    ],
)
def test_steps_times_batch(stage: str, samples: int, expression: str) -> None:
    got = seen({"steps": 10, "global_batch": 8}, stage=stage, sequence_length=100)
    assert (got.samples, got.tokens, got.high) == (samples, samples * 100, 1.0)
    assert got.steps[0].expression == expression
    assert names(got) == ["steps", "global_batch", "sequence_length"]


@pytest.mark.parametrize(
    ("log", "samples", "high", "assumed"),
    [
        ({"batch_per_device": 2, "gradient_accumulation": 3, "world_size": 4}, 240, 1.0, []),
        ({"batch_per_device": 2, "gradient_accumulation": 3}, 60, 8.0, ["world"]),
        ({"batch_per_device": 2, "world_size": 4}, 80, 8.0, ["accumulation"]),
        ({"batch_per_device": 2}, 20, 64.0, ["accumulation", "world"]),
        ({"batch_per_device": 2, "gradient_accumulation": 0, "world_size": 0}, 10, 1.0, []),
    ],
)
def test_the_batch_in_its_parts(log: dict[str, int], samples: int, high: float, assumed: list[str]) -> None:
    """What is not known makes the range wider upwards, eightfold each: a machine has at most eight devices."""
    got = seen({"steps": 10, **log}, sequence_length=100)
    assert (got.samples, got.high) == (samples, high)
    assert got.assumptions == notes(*assumed)


@pytest.mark.parametrize(
    "log", [{}, {"world_size": 4}, {"gradient_accumulation": 2}, {"batch_per_device": 0}]
)
def test_without_a_batch_steps_tell_nothing(log: dict[str, int]) -> None:
    got = seen({"steps": 10, **log}, sequence_length=100)
    assert got.samples is None
    assert got.missing == ("samples", "steps")


@pytest.mark.parametrize(
    ("per_second", "steps", "device", "batch"),
    [(16.0, 2.0, None, 8), (16.1, 2.0, 8, 8), (16.0, 2.0, 4, 8), (17.0, 2.0, 8, 8), (0.4, 2.0, None, 1)],
)
def test_the_batch_from_two_speeds(per_second: float, steps: float, device: int | None, batch: int) -> None:
    """Samples a second over steps a second: 8.5 is no multiple of eight within a percent, so it is rounded to even."""
    log: dict[str, Any] = {
        "steps": 10,
        "samples_per_second": per_second,
        "steps_per_second": steps,
    }
    if device is not None:
        log["batch_per_device"] = device
    got = seen(log, sequence_length=100)
    assert got.samples == 10 * batch


@pytest.mark.parametrize("speeds", [(0.0, 2.0), (16.0, 0.001), (16.0, 0.0)])
def test_speeds_of_nothing_tell_no_batch(speeds: tuple[float, float]) -> None:
    log = {"steps": 10, "samples_per_second": speeds[0], "steps_per_second": speeds[1]}
    assert seen(log, sequence_length=100).samples is None


def test_a_slow_log_is_a_rough_one() -> None:
    """0.010 steps a second is 0.0095 to 0.0105: the batch may be 8.4 (5 % more) and that is said."""
    rough = seen({"steps": 10, "samples_per_second": 0.08, "steps_per_second": 0.01}, sequence_length=100)
    assert rough.samples == 80
    assert rough.high == pytest.approx((0.0805 / 0.0095) / 8)
    assert rough.assumptions == notes("batch_from_speed", batch=8)
    fine = seen({"steps": 10, "samples_per_second": 80.0, "steps_per_second": 10.0}, sequence_length=100)
    assert (fine.samples, fine.high, fine.assumptions) == (80, 1.0, ())


def test_what_the_person_says_comes_first() -> None:
    got = seen(
        {"tokens_recorded": 5000, "samples": 10, "sequence_length": 100},
        tokens=3000,
    )
    assert (got.tokens, got.samples) == (3000, 10)
    assert names(got) == ["tokens", "samples"]
    logged = seen({"tokens_recorded": 5000, "samples": 10, "sequence_length": 100})
    assert (logged.tokens, logged.sure) == (5000, True)


@pytest.mark.parametrize(
    ("tokens", "samples", "length", "count", "each"),
    [
        (1000, 10, None, 10, None),
        (1000, 1000, None, 1000, None),
        (1000, 1001, None, None, None),  # a sequence has a token at least
        (1000, None, 100, None, 100),
        (1000, None, 1000, None, 1000),
        (1000, None, 1001, None, None),
        (1000, 10, 100, 10, None),
    ],
)
def test_tokens_with_the_sequences_they_stand_in(
    tokens: int, samples: int | None, length: int | None, count: int | None, each: int | None
) -> None:
    got = seen(tokens=tokens, samples=samples, sequence_length=length)
    assert (got.tokens, got.samples, got.length) == (tokens, count, each)
    assert ("samples" in names(got)) is (count is not None)
    assert ("sequence_length" in names(got)) is (each is not None)


def test_a_guessed_number_of_sequences_is_not_put_beside_tokens() -> None:
    got = seen({"steps": 10, "batch_per_device": 2}, tokens=10_000)
    assert (got.tokens, got.samples, got.high) == (10_000, None, 1.0)


@pytest.mark.parametrize(
    ("version", "pytorch", "stage", "head"),
    [
        ("1.6.9", "2.13.0", "sft", Head.WHOLE),
        ("1.7.0", "2.13.0", "dpo", Head.WHOLE),
        ("1.15.0", "2.13.0+cpu", "dpo", Head.SHIFTED),
        ("1.16.0", "", "dpo", Head.SHIFTED),
        ("1.7.0", "2.13.0", "sft", Head.SHIFTED),
        ("1.15.0", "2.13.0+cpu", "sft", Head.SHIFTED),
        ("1.16.0", "2.13.0+cpu", "sft", Head.LAST),
        ("1.16.0", "2.13.0+cu128", "sft", Head.SHIFTED),
        ("1.14.9", "2.13.0", "dpo", Head.WHOLE),
        ("1.15.0", "2.13.0", "dpo", Head.SHIFTED),
        ("2.0.0", "2.13.0+cpu", "dpo", Head.LAST),
        ("0.99.0", "2.13.0", "dpo", Head.WHOLE),
        ("none", "2.13.0", "sft", Head.WHOLE),
        ("1.16.0", "2.13.0+cpu", "orpo", Head.WHOLE),
        ("1.16.0", "2.13.0+cpu", "reward", Head.WHOLE),
    ],
)
def test_for_which_tokens_the_head_runs(version: str, pytorch: str, stage: str, head: Head) -> None:
    got = seen({"versions": {"TRL": version, "Pytorch": pytorch}}, stage=stage)
    assert got.head is head


def test_a_log_of_trl_without_its_version_leaves_the_head_open() -> None:
    assert seen({"tokens_recorded": 5}, keys={"tokens_recorded": "log_history.num_tokens"}).head is Head.OPEN
    assert seen({"tokens_recorded": 5}, keys={"tokens_recorded": "num_input_tokens_seen"}).head is Head.WHOLE
    assert seen().head is Head.WHOLE


TEXTS = [{"min": 0, "mean": 10, "max": 20}, {"min": 20, "mean": 30, "max": 40}]


def test_several_texts_in_a_sample() -> None:
    """Means in the middle: lengths spread evenly. The longest of 4 is on average at 4/5 of the width: 16 + 36 tokens."""
    got = seen({"sample_lengths": TEXTS, "batch_per_device": 4}, samples=100)
    assert (got.tokens, got.samples) == (5200, 200)
    assert (got.low, got.high) == pytest.approx((40 / 52, 60 / 52), rel=1e-4)
    assert got.assumptions == notes("texts_padded")
    assert got.steps[-1].expression == "100 × 52"
    assert names(got) == ["samples", "sample_lengths"]
    assert seen({"sample_lengths": TEXTS}, samples=100).tokens == 5560  # the usual batch of 8: 8/9
    assert (
        seen({"sample_lengths": TEXTS, "batch_per_device": 64}, samples=4).tokens == 208
    )  # no more than there are
    assert (
        seen({"sample_lengths": TEXTS, "batch_per_device": 1}, samples=100).tokens == 4000
    )  # nothing to pad to
    unsaid = [{"mean": 10, "max": 20}]  # nothing says the shortest: none
    assert seen({"sample_lengths": unsaid, "batch_per_device": 4}, samples=100).tokens == 1600
    even = seen({"sample_lengths": [{"mean": 10, "max": 10}]}, samples=100)
    assert (even.tokens, even.samples, even.low, even.high, even.assumptions) == (1000, 100, 1.0, 1.0, ())


@pytest.mark.parametrize(
    "lengths",
    [
        [],
        "x",
        [{"mean": 0, "max": 5}],
        [{"mean": 6, "max": 5}],
        [{"mean": 6}],
        [5],
        [{"mean": 5, "max": 10**9}],
        [{"min": 6, "mean": 5, "max": 7}],
        [{"min": -1, "mean": 5, "max": 7}],
        [{"min": "1", "mean": 5, "max": 7}],
    ],
)
def test_lengths_that_make_no_sense_are_not_used(lengths: Any) -> None:
    assert seen({"sample_lengths": lengths}, samples=100).tokens is None


def test_an_adapter_reads_the_same_texts() -> None:
    whole, adapter = (seen({"sample_lengths": TEXTS}, one, samples=100) for one in (FULL, LORA))
    assert adapter == whole
    assert adapter.tokens == 5560


def test_a_length_wins_over_lengths_of_texts() -> None:
    assert seen({"sample_lengths": TEXTS}, samples=100, sequence_length=7).tokens == 700


def test_texts_that_a_card_counts_in_words() -> None:
    """Four tokens for three words and two marks; from one token a word and no padding to three, all as long as the longest."""
    words = {"min": 30, "mean": 30, "max": 30, "unit": "words"}
    got = seen({"sample_lengths": [words, words]}, samples=100)
    assert got.tokens == 100 * 2 * 42
    assert (got.low, got.high) == (pytest.approx(32 / 42), pytest.approx(92 / 42))
    assert any("counts words" in note for note in got.assumptions)
    uneven = {"min": 3, "mean": 30, "max": 60, "unit": "words"}
    wide = seen({"sample_lengths": [uneven], "batch_per_device": 4}, samples=100)
    assert 100 * 42 < (wide.tokens or 0) < 100 * 82
    assert not any(
        "counts words" in note for note in seen({"sample_lengths": TEXTS}, samples=100).assumptions
    )


def test_tokens_without_padding_are_the_least_there_were() -> None:
    """TRL counts the text and not the padding: sequences times their padded length is better where both are known."""
    keys = {"tokens_recorded": "num_tokens"}
    padded = seen({"tokens_recorded": 5000, "samples": 10}, keys=keys, sequence_length=600)
    assert (padded.tokens, padded.samples) == (6000, 10)
    alone = seen({"tokens_recorded": 5000}, keys=keys)
    assert alone.tokens == 5000
    assert alone.high >= 1.0


def test_the_longest_length_that_was_allowed_says_little() -> None:
    keys = {"sequence_length": "max_length"}
    got = seen({"sequence_length": 1024}, keys=keys, samples=100)
    assert got.tokens == 100 * 410
    assert got.low == pytest.approx(8 / 410)
    assert got.high == pytest.approx(1.05 * 1024 / 410)
    assert got.assumptions == notes("longest_length", most=1024, usual=410)
    packed = {"sequence_length": 1024, "hyperparameters": {"packing": True}}
    assert seen(packed, keys=keys, samples=100).tokens == 102_400
    short = seen({"sequence_length": 12}, keys=keys, samples=100)
    assert (short.tokens, short.low) == (800, 1.0)
    # Counted tokens without padding, and how much padding a batch may hold, tell more than the longest length.
    keys["tokens_recorded"] = "log_history.num_tokens"
    logged = seen(
        {"sequence_length": 1024, "tokens_recorded": 3000, "batch_per_device": 2}, keys=keys, samples=100
    )
    assert (logged.tokens, logged.low, logged.high) == (3000, 1.0, 1.5)


@pytest.mark.parametrize(
    ("key", "low", "central"),
    [
        ("block_size, no_keep_linebreaks", 1.0, 1024),  # cut into blocks
        ("max_seq_length, line_by_line", 1.0, 1024),
        ("max_source_length, pad_to_max_length", 1.0, 1024),
        ("max_source_length", 8 / 410, 410),
        ("train.block_size", 0.4, 1024),  # another tool's word: no more than the longest
        ("block_size", 8 / 410, 410),  # AutoTrain's
    ],
)
def test_rows_cut_or_padded_to_one_length_have_it(key: str, low: float, central: int) -> None:
    got = seen({"sequence_length": 1024}, keys={"sequence_length": key}, samples=100)
    assert got.tokens == 100 * central
    assert got.low == pytest.approx(low)
    assert got.sure is (low == 1.0)


def test_texts_a_model_wrote_count_once_however_often_they_train_it() -> None:
    found = {"samples": 240, "hyperparameters": {"num_iterations": 3}, "sequence_length": 32}
    found = {"samples": 240, "hyperparameters": {"num_iterations": 3}, "sequence_length": 32}
    assert seen({**found, "training_stage": "rloo"}, stage="rloo").samples == 80
    assert seen({**found, "training_stage": "sft"}, stage="sft").samples == 240
    assert (
        seen({**found, "training_stage": "grpo"}, stage="grpo", samples=240).samples == 240
    )  # a person's word


def test_prompts_of_one_generation_are_padded_to_the_longest_of_them() -> None:
    """Without a log of each part: from no padding to that of lengths as uneven as an exponential distribution, and the middle."""
    log = {"samples": 16, "tokens_recorded": 16 * 30, "completion_length": 20, "completion_longest": 24,
           "batch_per_device": 8}  # fmt: skip
    keys = {"tokens_recorded": "log_history.num_tokens"}
    for copies, each, most in ((8, 1, 1.0), (4, 1, 1.5), (4, 2, 25 / 12)):
        log["hyperparameters"] = {"num_generations": copies, "steps_per_generation": each}
        got = seen(log, keys=keys, stage="grpo")
        usual = (1 + most) / 2
        assert got.tokens == round(16 * (20 + 10 * usual))
        assert got.low == pytest.approx((10 + 24) / (10 * usual + 24)), copies
        assert got.high == pytest.approx((10 * most + 24) / (10 * usual + 24)), copies


def test_what_grpo_counted_is_without_padding_wherever_it_stands() -> None:
    log = {"samples": 16, "tokens_recorded": 16 * 30, "completion_length": 20, "completion_longest": 24,
           "batch_per_device": 8, "hyperparameters": {"num_generations": 4}}  # fmt: skip
    keys = {"tokens_recorded": "num_input_tokens_seen"}
    assert seen(log, keys=keys, stage="grpo").high > 1
    assert seen(log, keys=keys, stage="sft").high == 1


@pytest.mark.parametrize(
    "key",
    [
        "max_length",
        "sequence_len",
        "axolotl config.sequence_len",
        "train.max_seq_length",
        "tokenizer.max_seq_len",
    ],
)
def test_total_flos_tells_more_than_the_longest_length(key: str) -> None:
    """An Axolotl run over 72 texts of 4,096 tokens at most was taken as 113 times what it cost."""
    network = Network(method="full", method_fact=None, config=CONFIG, counted=True, embedding=128 * 32)
    outside = network.sequence(8).parameters_total - 128 * 32
    found = {"sequence_length": 4096, "samples": 72, "recorded_flos": 6 * outside * 18_000}
    got = seen(found, network, keys={"sequence_length": key})
    assert (got.tokens, got.low, got.high) == (18_000, 1.0, 1.0)
    for filled in ("packing", "pad_to_sequence_len"):
        rows = seen({**found, "hyperparameters": {filled: True}}, network, keys={"sequence_length": key})
        assert rows.tokens == 72 * 4096
    assert seen({**found, "recorded_flos": 0}, network, keys={"sequence_length": key}).low < 0.1


def test_lengths_of_texts_by_ms_swift_leave_padding_out() -> None:
    found = {"tokens_recorded": 3000, "batch_per_device": 2, "samples": 100}
    got = seen(found, keys={"tokens_recorded": "train_dataset"})
    assert (got.tokens, got.low, got.high) == (3000, 1.0, 1.5)


@pytest.mark.parametrize(
    ("stage", "settings", "head"),
    [
        ("sft", {}, Head.ANSWERS), ("dpo", {"use_logits_to_keep": True}, Head.ANSWERS), ("kto", {}, Head.ANSWERS),
        ("sft", {"use_logits_to_keep": False}, Head.WHOLE), ("pretraining", {}, Head.WHOLE), ("orpo", {}, Head.WHOLE),
    ],
)  # fmt: skip
def test_ms_swift_runs_the_head_for_answers(stage: str, settings: dict[str, Any], head: Head) -> None:
    found = {"training_tool": "ms-swift", "tokens": 5, "hyperparameters": settings}
    assert seen(found, stage=stage).head is head


@pytest.mark.parametrize(("tool", "longest"), [("LLaMA-Factory", True), ("text-generation-webui", False)])
def test_a_tool_that_pads_every_text_fills_its_length(tool: str, longest: bool) -> None:
    origin = Origin(kind=OriginKind.FILE, file="a.json", key="cutoff_len")
    length = Fact[int](name="sequence_length", value=32, origin=origin)
    told = Fact[Any](name="training_tool", value=tool, origin=origin)
    known = Known(Project(scan=ScanResult(folder_name="x", facts=(told, length))))
    assert only_longest(known, length) is longest


def test_unsloth_runs_the_head_for_all_tokens() -> None:
    found = {"tokens": 5, "versions": {"TRL": "1.16.0"}}
    assert seen(found, stage="sft").head is Head.SHIFTED
    assert seen({**found, "training_tool": "Unsloth"}, stage="sft").head is Head.WHOLE
    assert seen({**found, "training_tool": "Unsloth"}, stage="dpo").head is Head.SHIFTED
