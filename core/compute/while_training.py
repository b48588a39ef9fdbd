# SPDX-License-Identifier: Apache-2.0
"""What a network does only while it trains: layers left out at random, and dropout behind the last product of a layer.

LayerDrop leaves a stacked layer out of a step altogether, with a chance that the configuration names (transformers,
modeling_wav2vec2.py, modeling_m2m_100.py: `layerdrop`). Dropout stores its mask, so that gradient checkpointing, which stops
after the last tensor a layer stored, runs a layer that ends in dropout to its very end (torch/utils/checkpoint.py,
`_StopRecomputationError`; transformers 5.23, the forward method of each type's layer).
"""

from collections.abc import Mapping

from core.compute.layers import Block, Call

_ENDS = {
    # key of the configuration: (its value where the key is missing, types whose layers end in that dropout)
    "resid_pdrop": (0.1, "gpt2 gpt_bigcode ctrl"),
    "hidden_dropout_prob": (0.1, "biogpt esm xlm-roberta-xl"),
    "dropout": (
        0.1,
        "opt xglm blenderbot m2m_100 mbart pegasus bigbird_pegasus speech_to_text",
    ),
    "dropout_rate": (0.1, "t5 mt5 umt5 longt5 switch_transformers"),
    "hidden_dropout": (0.1, "wav2vec2 hubert wavlm"),
    "drop_path_rate": (0.1, "focalnet"),
}
_ENDS_IF_SAID = {
    "resid_pdrop": "gptj codegen phi phi3",
    "resid_dropout": "gpt_neo",
    "residual_dropout": "starcoder2",
    "dropout": "whisper",
    "hidden_dropout": "bloom falcon gpt_neox gpt_neox_japanese stablelm persimmon",
    "hidden_dropout_prob": "vit deit videomae vit_mae yolos audio-spectrogram-transformer focalnet",
}
"""The same where nothing is dropped unless the configuration says so."""
_ONE_RATE = {"wav2vec2": 0.1, "hubert": 0.1, "wavlm": 0.1, "opt": 0.0}
"""Types with one chance for every stacked layer (`layerdrop`), and what it is where the configuration does not say."""
_TWO_RATES = {"m2m_100": 0.05} | dict.fromkeys(
    "bart mbart pegasus marian blenderbot whisper speech_to_text bigbird_pegasus led".split(), 0.0
)
"""Types with one for the encoder and one for the decoder (`encoder_layerdrop`, `decoder_layerdrop`)."""


def as_trained(network: Block, config: Mapping[str, object], model_type: str) -> None:
    """Mark the stacked layers of `network`, in place, with what training does to them."""
    ends = _ends_in_dropout(config, model_type)
    rates: dict[str, float] = {}
    if model_type in _ONE_RATE:
        rates[""] = _chance(config.get("layerdrop"), _ONE_RATE[model_type])
    for tower in ("encoder", "decoder") if model_type in _TWO_RATES else ():
        rates[f"{tower}."] = _chance(config.get(f"{tower}_layerdrop"), _TWO_RATES[model_type])
    if ends or any(rates.values()):
        _mark(network, "", ends, rates)


def _mark(block: Block, path: str, ends: bool, rates: Mapping[str, float]) -> None:
    for place, step in enumerate(block.steps):
        if not isinstance(step, Call):
            continue
        name = f"{path}{step.prefix}."
        if step.layer:
            rate = next((rate for tower, rate in rates.items() if tower in name), 0.0)
            block.steps[place] = step._replace(drops=ends, rate=rate)
        else:
            _mark(step.block, name, ends, rates)


def _ends_in_dropout(config: Mapping[str, object], model_type: str) -> bool:
    for key, (usual, types) in _ENDS.items():
        if model_type in types.split() and _chance(config.get(key), usual):
            return True
    return any(
        model_type in types.split() and _chance(config.get(key), 0.0) for key, types in _ENDS_IF_SAID.items()
    )


def _chance(value: object, usual: float) -> float:
    """A chance between 0 and 1 (both excluded at the top); what is no number is the usual one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1:
        return usual
    return float(value)
