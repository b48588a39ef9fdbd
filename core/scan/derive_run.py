# SPDX-License-Identifier: Apache-2.0
"""What a run's records give together: the tokens behind total_flos, what was trained, the number format."""

from core.domain.names import FoundOnly
from core.domain.stage_run import WRITTEN
from core.domain.training_method import PROMPTS
from core.scan.table import Table
from core.texts import text

_OTHER_INPUT = frozenset({
    "image_size", "patch_size", "num_mel_bins", "num_channels", "vision_config", "audio_config", "feat_extract_norm",
    "conv_dim", "encoder",
})  # fmt: skip
"""Keys of configurations whose main input is no text, or not only."""
_FLOATS = {"F32": "fp32", "BF16": "bf16", "F16": "fp16"}
_WORDS = {"float32": "fp32", "bfloat16": "bf16", "float16": "fp16"}


def texts_written(table: Table) -> None:
    """TRL's GRPO and RLOO copy their own count, which leaves padding out, into the Trainer's field: those are not all tokens."""
    fact = table.values.get("tokens")
    copied = fact is not None and (fact.origin.key or "").endswith("num_input_tokens_seen")
    if copied and table.word("training_stage") in WRITTEN:
        table.take_back("tokens")


def tokens_behind_flos(table: Table) -> None:
    """Tokens, padding included, from total_flos = 6 x tokens x parameters outside embeddings.

    Of a model that reads one text and writes another, these are the tokens it read: its main input.

    The Trainer adds 6 x N x (tokens of the batch) for each batch, in whole numbers, so the division must come out even;
    where it does not, the formula was another and nothing is said. Source: transformers Trainer.floating_point_ops;
    total_flos notes, sections 1 and 3 (c).
    """
    flos, total = table.whole(FoundOnly.RECORDED_FLOS), table.whole("parameters_total")
    adapter, stored = FoundOnly.ADAPTER_CONFIG in table.values, FoundOnly.PARAMETERS_EMBEDDING in table.values
    apart = adapter and not stored
    config = table.value(FoundOnly.BASE_CONFIG if apart else FoundOnly.CONFIG)
    tables = table.whole(FoundOnly.BASE_EMBEDDING if apart else FoundOnly.PARAMETERS_EMBEDDING)
    if adapter and stored and total:
        # The adapter was merged into the weights after the run; while it ran both were there.
        total += table.whole("parameters_trainable") or total
    if table.word("training_method") in PROMPTS:
        # Soft prompts sit outside the model that PEFT asks for its number of parameters.
        total = table.whole("base_parameters")
    if (
        not flos
        or not total
        or not tables
        or not isinstance(config, dict)
        or FoundOnly.SHARDED in table.values
    ):
        return
    if "vocab_size" not in config or _OTHER_INPUT & config.keys():
        return
    each = 6 * (total - tables)
    if each <= 0:
        return
    tokens = (flos + each // 2) // each
    # Beyond 2**53 the file's decimal number is itself rounded; TensorBoard keeps 24 bits of each.
    # With several processes the sum runs through a tensor of 32 bits (Trainer.store_flos), so through 24 as well.
    logged = (table.values[FoundOnly.RECORDED_FLOS].origin.key or "").startswith("train/")
    coarse = logged or (table.whole("world_size") or 1) > 1
    slack = 0 if flos < 2 ** (24 if coarse else 53) else flos >> (23 if coarse else 40)
    if abs(flos - tokens * each) > slack or 4 * slack > each:
        return
    recorded = table.whole(FoundOnly.TOKENS_RECORDED)
    if recorded and tokens > recorded == table.whole("tokens"):
        # Every token of a batch counts here; the other count left the padding out (include_num_input_tokens_seen).
        table.drop("tokens")
    least = max(table.whole("samples") or 1, table.whole(FoundOnly.TOKENS_RECORDED) or 1)
    if tokens >= least:
        extra = " " + text("scan.derived.tokens_read") if config.get("is_encoder_decoder") else ""
        table.add("tokens", tokens, text("scan.derived.tokens_flos") + extra, of=FoundOnly.RECORDED_FLOS)


def trained(table: Table) -> None:
    """The method of a run that saved a whole model, and how many of its parameters it changed.

    An optimizer's state that covers fewer parameters than the model has tells of frozen layers. Without one, all is
    taken as trained that the model's class does not keep fixed itself.
    """
    stored, total = FoundOnly.PARAMETERS_STORED in table.values, table.whole("parameters_total")
    updated = table.whole("parameters_trainable")
    if "steps" not in table.values or not stored or FoundOnly.ADAPTER_CONFIG in table.values:
        return
    free = (total or 0) - (table.whole(FoundOnly.PARAMETERS_FIXED) or 0)
    if updated and total and updated < free:
        note = text("scan.derived.partial")
        table.add("training_method", "frozen_partial", note, of="parameters_trainable")
    elif updated is None or updated in (free, total):
        assumed = updated is None
        note = text("scan.derived.full" if assumed else "scan.derived.full_counted")
        table.add(
            "training_method", "full", note, assumed=assumed, of=None if assumed else "parameters_trainable"
        )
    if updated is None and free > 0 and table.word("training_method") == "full":
        table.add("parameters_trainable", free, text("scan.derived.full"), assumed=True)


def precision(table: Table) -> None:
    """Without mixed precision the numbers are computed in the format of the weights."""
    if table.value(FoundOnly.MIXED_PRECISION) != "no":
        return
    kinds = table.value(FoundOnly.WEIGHT_DTYPES)
    formats = {_FLOATS[kind] for kind in kinds if kind in _FLOATS} if isinstance(kinds, dict) else set()
    if FoundOnly.ADAPTER_CONFIG in table.values:
        # PEFT keeps an adapter in 32 bits whatever the base is in (autocast_adapter_dtype): the base's own word counts.
        # transformers 5 loads a model in the format it was saved in; before, it was 32 bits unless the script said else:
        # a base that was saved in 32 bits is in them either way.
        config = table.value(FoundOnly.BASE_CONFIG)
        named = (config.get("dtype") or config.get("torch_dtype")) if isinstance(config, dict) else None
        word = _WORDS.get(str(named))
        if word is None or table.word("training_method") == "qlora":
            return
        if word == "fp32" or _loads_as_saved(table):
            table.add("precision", word, text("scan.derived.precision_base"), assumed=True)
    elif len(formats) == 1:
        table.add("precision", formats.pop(), text("scan.derived.precision"), assumed=True)


def _loads_as_saved(table: Table) -> bool:
    """Was it transformers 5 or later?"""
    versions = table.value(FoundOnly.VERSIONS)
    named = versions.items() if isinstance(versions, dict) else ()
    said = next((version for library, version in named if library.lower() == "transformers"), None)
    major = said.partition(".")[0] if isinstance(said, str) else ""
    return major.isdecimal() and int(major) >= 5
