# SPDX-License-Identifier: Apache-2.0
"""Speech to text with two halves (Speech2Text, Moonshine) and the audio spectrogram transformer.

Defaults and layout are those of transformers 5.23 (modeling_*.py).
"""

from core.compute.architectures.config import Config
from core.compute.architectures.decoder import Layer, layer_block
from core.compute.architectures.parts import Attention, FeedForward
from core.compute.architectures.request import Request
from core.compute.architectures.seq2seq import Half, half_of
from core.compute.architectures.seq2seq_types import bart_half
from core.compute.layers import Block, Value
from core.compute.notes import note, refuse

_SECOND = 16_000
_SIDE: dict[str, object] = {"ffn_dim": 2048, "attention_heads": 4}


def build(request: Request) -> Block:
    """The layer table of one of these models."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    if request.model_type == "audio-spectrogram-transformer":
        return _spectrogram(request)
    name = request.model_class
    if not name:
        request.config.notes.append(note("head", head="ForConditionalGeneration"))
    with_head = not name or name.endswith("ForConditionalGeneration")
    if not with_head and not name.endswith("Model"):
        raise refuse("unknown_class", model_class=name, model_type=request.model_type)
    path = "model." if with_head else ""
    return _moonshine(request, path) if request.model_type == "moonshine" else _speech2text(request, path)


def _decode(t: Block, request: Request, half: Half, memory: Value, path: str, head: str) -> Block:
    """The decoder over words of its own, and the head when `path` says that there is one."""
    c, inputs = request.config, request.inputs
    vocab, words = c.count("vocab_size"), f"{path}decoder.embed_tokens"
    length = inputs.decoder_len or inputs.seq_len or 1
    y = t.embedding(words, vocab, memory.width, (inputs.batch, length))
    y = half_of(t, half, y, path, memory)
    if path:
        shares = words if c.flag("tie_word_embeddings", True) else ""
        y = t.linear(head, y, vocab, shares=shares, label="output head", role="head")
    return t.ends(y)


def _speech2text(request: Request, path: str) -> Block:
    """speech_to_text: convolutions with gates shorten the spectrogram; sine positions."""
    c = request.config
    sides = {f"{side}_{key}": value for side in ("encoder", "decoder") for key, value in _SIDE.items()}
    sizes: dict[str, object] = {
        "vocab_size": 10000,
        "d_model": 256,
        "encoder_layers": 12,
        "decoder_layers": 6,
    }
    sound: dict[str, object] = {"conv_channels": 1024, "input_feat_per_channel": 80, "input_channels": 1}
    c.use({**sides, **sizes, **sound, "conv_kernel_sizes": [5, 5]}, {"d_model": "hidden_size"})
    hidden, channels = c.count("d_model"), c.count("conv_channels", low=2)
    bins = c.count("input_feat_per_channel") * c.count("input_channels")
    t = Block()
    x = t.given((request.inputs.batch, request.inputs.mel_frames or 1000, bins))
    kernels = c.counts("conv_kernel_sizes", low=1, most=100) or ()
    for index, kernel in enumerate(kernels):
        out = 2 * hidden if index == len(kernels) - 1 else channels
        wide = t.conv(
            f"{path}encoder.conv.conv_layers.{index}", x, out, kernel=(kernel,), stride=2, padding=kernel // 2
        )
        x = t.mix(wide, shape=(*wide.shape[:-1], out // 2), keeps=True)
    encoder, decoder = (
        bart_half(c, side, hidden, final_norm="layer_norm") for side in ("encoder", "decoder")
    )
    return _decode(t, request, decoder, half_of(t, encoder, x, path), path, "lm_head")


def _moonshine(request: Request, path: str) -> Block:
    """moonshine: three convolutions over the samples, rotary positions."""
    c = request.config
    sides = {f"{side}_{key}": value for side in ("encoder", "decoder") for key, value in _MOON.items()}
    c.use({**sides, "vocab_size": 32768, "hidden_size": 288, "intermediate_size": 1152})
    hidden = c.count("hidden_size")
    t = Block()
    x = t.given((request.inputs.batch, request.inputs.samples or _SECOND, 1))
    x = t.conv(f"{path}encoder.conv1", x, hidden, kernel=(127,), stride=64, bias=False)
    x = t.norm(f"{path}encoder.groupnorm", t.mix(x), bias=True)
    x = t.mix(t.conv(f"{path}encoder.conv2", x, 2 * hidden, kernel=(7,), stride=3))
    x = t.mix(t.conv(f"{path}encoder.conv3", x, hidden, kernel=(3,), stride=2), keeps=True)
    memory = half_of(t, _moon_half(c, "encoder", hidden), x, path)
    return _decode(t, request, _moon_half(c, "decoder", hidden), memory, path, "proj_out")


_MOON: dict[str, object] = {"num_hidden_layers": 6, "num_attention_heads": 8}


def _moon_half(c: Config, side: str, hidden: int) -> Half:
    # The encoder, which is made first, writes its own numbers over those of the decoder.
    heads, bias = c.count("encoder_num_attention_heads"), c.flag("attention_bias")
    kv_heads = c.count("encoder_num_key_value_heads", heads)
    c.share("encoder_num_attention_heads", heads, kv_heads)
    pad = c.count("pad_head_dim_to_multiple_of", 0, low=0)
    last = side == "decoder"
    a = Attention(heads, kv_heads, c.count("head_dim", max(1, hidden // heads)), pad_to=pad, causal=last)
    a = a._replace(biases=(bias, bias, bias, False))
    mlp = FeedForward(c.count("intermediate_size"), ups=("fc1",), down="fc2", gated=last, bias=True)
    half = Half(
        side,
        c.layers(f"{side}_num_hidden_layers"),
        a,
        mlp,
        "input_layernorm",
        "final_layernorm" if last else "post_attention_layernorm",
        norm_bias=False,
        final_norm="norm" if last else "layer_norm",
    )
    if not last:
        return half
    return half._replace(
        cross=a._replace(name="encoder_attn", causal=False), cross_norm="post_attention_layernorm"
    )


_AST: dict[str, object] = {
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "patch_size": 16,
    "frequency_stride": 10,
    "time_stride": 10,
    "max_length": 1024,
    "num_mel_bins": 128,
}


def _spectrogram(request: Request) -> Block:
    """The audio spectrogram transformer: overlapping patches of a spectrogram of fixed length."""
    c, name = request.config.use(_AST), request.model_class
    if not name:
        c.notes.append(note("head", head="ForAudioClassification"))
    classify = not name or name.endswith("ForAudioClassification")
    if not classify and not name.endswith("Model"):
        raise refuse("unknown_class", model_class=name, model_type=request.model_type)
    path = "audio_spectrogram_transformer." if classify else ""
    hidden, heads, bias = c.count("hidden_size"), c.count("num_attention_heads"), c.flag("qkv_bias", True)
    bins, steps = c.count("num_mel_bins"), (c.count("frequency_stride"), c.count("time_stride"))
    patch = c.count("patch_size", high=min(bins, 10_000))
    batch = request.inputs.batch
    size = c.share("hidden_size", hidden, heads)
    t = Block()
    most = c.count("max_length", low=patch)
    x = t.given((batch, bins, max(request.inputs.frames or most, patch), 1))
    name = f"{path}embeddings."
    kernel, label = (patch, patch), "patch embedding"
    x = t.conv(f"{name}patch_embeddings.projection", x, hidden, kernel=kernel, stride=steps, label=label)
    rows = (1 + (bins - patch) // steps[0]) * (1 + (most - patch) // steps[1]) + 2
    first = [t.free(f"{name}{token}_token", (1, 1, hidden)) for token in ("cls", "distillation")]
    table = t.free(f"{name}position_embeddings", (1, rows, hidden))
    x = t.mix(x, *first, table, shape=(batch, x.shape[1] * x.shape[2] + 2, hidden))
    a = Attention(heads, heads, size, name="attention", biases=(bias, bias, bias, True), causal=False)
    mlp = FeedForward(c.count("intermediate_size"), ups=("fc1",), down="fc2", gated=False, bias=True)
    layer = Layer(a, mlp, attn_norm="layernorm_before", mlp_norm="layernorm_after", norm_bias=True)
    block = layer_block(layer, x.shape)
    for index in range(c.layers()):
        x = t.layer(f"{path}layers.{index}", block, x)
    x = t.norm(f"{path}layernorm", x, bias=True, role="final_norm")
    if not classify:
        return t.ends(x)
    pooled = t.norm("classifier.layernorm", t.mix(x, shape=(batch, hidden)), bias=True, role="head")
    return t.ends(
        t.linear("classifier.dense", pooled, c.labels(), bias=True, label="output head", role="head")
    )
