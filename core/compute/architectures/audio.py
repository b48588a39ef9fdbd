# SPDX-License-Identifier: Apache-2.0
"""Speech encoders that listen to samples: wav2vec 2.0, HuBERT, WavLM.

Convolutions shorten the sound, then a transformer reads it. In training the classes ask for the gradient of the sound
itself, so the backward pass goes down to it whatever is frozen, unless the run called freeze_feature_encoder(). Defaults and layout are those of transformers 5.23.
"""

from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.parts import Attention, FeedForward, aside, attend, feed_forward
from core.compute.architectures.request import Request
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse

_DEFAULTS: dict[str, object] = {
    "vocab_size": 32,
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "conv_dim": [512] * 7,
    "conv_stride": [5, 2, 2, 2, 2, 2, 2],
    "conv_kernel": [10, 3, 3, 3, 3, 2, 2],
    "num_conv_pos_embeddings": 128,
    "num_conv_pos_embedding_groups": 16,
    "mask_time_prob": 0.05,
    "classifier_proj_size": 256,
    "num_buckets": 320,
    "num_adapter_layers": 3,
    "adapter_kernel_size": 3,
    "adapter_stride": 2,
    "tdnn_dim": [512, 512, 512, 512, 1500],
    "tdnn_kernel": [5, 3, 3, 1, 1],
    "tdnn_dilation": [1, 2, 3, 1, 1],
    "xvector_output_dim": 512,
}
_SAMPLES = 16_000


class Gated(NamedTuple):
    """WavLM's attention: relative positions enter the scores through a gate that each token and head makes."""

    plain: Attention
    buckets: int

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        a = self.plain
        if self.buckets:
            t.embedding(f"{a.name}.rel_attn_embed", self.buckets, a.heads, (1,))
        constant = t.free(f"{a.name}.gru_rel_pos_const", (a.heads,), label="projections")
        heads = t.mix(x, shape=(*x.shape[:-1], a.heads, a.head_dim))
        gate = t.linear(f"{a.name}.gru_rel_pos_linear", heads, 8, bias=True)
        gate = t.mix(gate, constant, shape=(*x.shape[:-1], x.shape[1]))
        return attend(t, x, a, None, gate, raw=True)


def build(request: Request) -> Block:
    """The layer table of a speech encoder with the head its class name says."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    c = request.config.use(_DEFAULTS)
    name = request.model_class
    if not name:
        c.notes.append(note("head", head="ForCTC"))
        name = "ForCTC"
    c.notes.append(note("sound"))
    path = "" if name.endswith("Model") else f"{request.model_type}."
    hidden = c.count("hidden_size")
    t = Block()
    if c.get("mask_time_prob") or c.get("mask_feature_prob"):
        t.free(f"{path}masked_spec_embed", (hidden,))
    x = _features(t, c, (request.inputs.batch, request.inputs.samples or _SAMPLES), path)
    if c.flag("feat_proj_layer_norm", True):
        x = t.norm(f"{path}feature_projection.layer_norm", x, bias=True)
    x = t.linear(f"{path}feature_projection.projection", x, hidden, bias=True)
    x = _encoder(t, c, request.model_type, x, path)
    if c.flag("add_adapter"):
        x = _adapted(t, request, name, x, f"{path}adapter.")
    return t.ends(_head(t, c, name, x, request.model_type))


def _features(t: Block, c: Config, shape: tuple[int, int], path: str) -> Value:
    """The convolutions over the samples."""
    widths, strides, kernels = (
        c.counts(f"conv_{key}", low=1, most=100) or () for key in ("dim", "stride", "kernel")
    )
    if not len(widths) == len(strides) == len(kernels) > 0:
        raise refuse("not_list", key="conv_dim", value=c.get("conv_dim"), count=len(kernels))
    bias, every = c.flag("conv_bias"), c.word("feat_extract_norm", "group") == "layer"
    x = t.given((*shape, 1), wants=f"{path}feature_extractor")
    for index, (width, stride, kernel) in enumerate(zip(widths, strides, kernels, strict=True)):
        name = f"{path}feature_extractor.conv_layers.{index}"
        x = t.conv(f"{name}.conv", x, width, kernel=(kernel,), stride=stride, bias=bias)
        if every or index == 0:
            x = t.norm(f"{name}.layer_norm", x, bias=True)
        x = t.mix(x)
    return x


def _encoder(t: Block, c: Config, kind: str, x: Value, path: str) -> Value:
    path = f"{path}encoder."
    kernel, groups = c.count("num_conv_pos_embeddings"), c.count("num_conv_pos_embedding_groups")
    c.share("hidden_size", x.width, groups)
    near = t.conv(
        f"{path}pos_conv_embed.conv",
        x,
        x.width,
        kernel=(kernel,),
        padding=kernel // 2,
        groups=groups,
        bias=True,
    )
    if c.flag("conv_pos_batch_norm"):
        t.norm(f"{path}pos_conv_embed.batch_norm", t.mix(x), bias=True)
    else:
        # The weight is kept as a direction and one length for each place of the window.
        t.free(
            f"{path}pos_conv_embed.conv.parametrizations.weight.original0", (kernel,), label="convolutions"
        )
    x = t.mix(x, near, shape=x.shape, keeps=True)
    stable = c.flag("do_stable_layer_norm")
    if not stable:
        x = t.norm(f"{path}layer_norm", x, bias=True)
    heads = c.count("num_attention_heads")
    size = c.share("hidden_size", x.width, heads)
    a = Attention(heads, heads, size, name="attention", out="out_proj", biases=(True,) * 4, causal=False)
    names = {"name": "feed_forward", "ups": ("intermediate_dense",), "down": "output_dense"}
    mlp = FeedForward(c.count("intermediate_size"), gated=False, bias=True)._replace(**names)  # type: ignore[arg-type]
    buckets = c.count("num_buckets") if kind == "wavlm" else 0
    blocks = [
        _layer(x.shape, Gated(a, rows) if kind == "wavlm" else a, mlp, stable=stable) for rows in (buckets, 0)
    ]
    for index in range(c.layers()):
        x = t.layer(f"{path}layers.{index}", blocks[min(index, 1)], x)
    return t.norm(f"{path}layer_norm", x, bias=True, role="final_norm") if stable else x


def _layer(shape: Shape, a: Attention | Gated, mlp: FeedForward, *, stable: bool) -> Block:
    t = Block(shape)
    (x,) = t.inputs
    if stable:
        x = t.mix(x, attend(t, t.norm("layer_norm", x, bias=True), a))
        return t.ends(t.mix(x, feed_forward(t, t.norm("final_layer_norm", x, bias=True), mlp)))
    x = t.norm("layer_norm", t.mix(x, attend(t, x, a)), bias=True)
    return t.ends(t.norm("final_layer_norm", t.mix(x, feed_forward(t, x, mlp)), bias=True))


def _adapted(t: Block, request: Request, name: str, x: Value, path: str) -> Value:
    """The encoder's output as the head reads it. HuBERT has the key and no adapter; a weighted sum of layers reads the
    encoder's, so that the adapter runs beside it. Raises BadConfig where the class cannot be built or run."""
    c, hidden = request.config, x.width
    if name.endswith(("ForSequenceClassification", "ForAudioFrameClassification")):
        raise refuse("not_built", key="add_adapter", value=True, model_class=name)
    none = request.model_type == "hubert"
    speaker = name.endswith("ForXVector")
    summed = speaker and c.flag("use_weighted_layer_sum")
    if (none and name.endswith("ForCTC")) or (speaker and not summed):
        # The head is as wide as one and reads what is as wide as the other.
        c.count("output_hidden_size", None if none else hidden, low=hidden, high=hidden)
    if none:
        return x
    heard = aside(t, lambda t, x: _adapter(t, c, x, path), x, dead=summed)
    return x if summed else heard


def _adapter(t: Block, c: Config, x: Value, path: str) -> Value:
    width = c.count("output_hidden_size", x.width)
    if width != x.width:
        x = t.norm(f"{path}proj_layer_norm", t.linear(f"{path}proj", x, width, bias=True), bias=True)
    kernel, stride = c.count("adapter_kernel_size"), c.count("adapter_stride")
    for index in range(c.layers("num_adapter_layers")):
        wide = t.conv(f"{path}layers.{index}.conv", x, 2 * width, kernel=(kernel,), stride=stride, padding=1)
        x = t.mix(wide, shape=(*wide.shape[:-1], width))
    return x


def _head(t: Block, c: Config, name: str, x: Value, kind: str) -> Value:
    label = "output head"
    if name.endswith("Model"):
        return x
    if name.endswith("ForCTC"):
        return t.linear("lm_head", x, c.count("vocab_size"), bias=True, label=label, role="head")
    if name.endswith(("ForSequenceClassification", "ForAudioFrameClassification")) and c.flag(
        "use_weighted_layer_sum"
    ):
        t.free("layer_weights", (c.layers() + 1,), label=label)
    if name.endswith("ForSequenceClassification"):
        x = t.linear("projector", x, c.count("classifier_proj_size"), bias=True, label=label, role="head")
        x = t.mix(x, shape=(x.shape[0], x.width))
        return t.linear("classifier", x, c.labels(), bias=True, label=label, role="head")
    if name.endswith("ForAudioFrameClassification"):
        return t.linear("classifier", x, c.labels(), bias=True, label=label, role="head")
    if name.endswith("ForXVector"):
        return _speaker(t, c, x)
    raise refuse("unknown_class", model_class=name, model_type=kind)


def _speaker(t: Block, c: Config, x: Value) -> Value:
    """Who speaks: convolutions over the frames, mean and spread of each channel, two layers."""
    label = "output head"
    widths, kernels, gaps = (
        c.counts(f"tdnn_{key}", low=1, most=100) or () for key in ("dim", "kernel", "dilation")
    )
    if not 0 < len(widths) <= min(len(kernels), len(gaps)):
        raise refuse("not_list", key="tdnn_dim", value=widths, count=len(kernels))
    if c.flag("use_weighted_layer_sum"):
        t.free("layer_weights", (c.layers() + 1,), label=label)
    x = t.linear("projector", x, widths[0], bias=True, label=label, role="head")
    for index, (width, kernel, gap) in enumerate(zip(widths, kernels, gaps, strict=False)):
        # A kernel with gaps needs as many more places as there are gaps in it.
        left = max(1, x.shape[1] - (gap - 1) * (kernel - 1))
        x = t.mix(x, shape=(x.shape[0], left, x.width))
        x = t.mix(t.conv(f"tdnn.{index}.kernel", x, width, kernel=(kernel,), label=label, raw=True))
    wide = c.count("xvector_output_dim")
    x = t.mix(x, shape=(x.shape[0], 2 * x.width))
    x = t.linear("feature_extractor", x, wide, bias=True, label=label, role="head")
    # The loss has a weight for each speaker, which makes no logits.
    t.free("objective.weight", (wide * c.labels(),), label=label)
    return t.linear("classifier", x, wide, bias=True, label=label, role="head")
