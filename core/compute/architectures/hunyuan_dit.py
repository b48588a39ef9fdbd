# SPDX-License-Identifier: Apache-2.0
"""HunyuanDiT: a diffusion transformer with long skips that reads two texts from the side.

Layout of diffusers 0.42 (hunyuan_transformer_2d.py, HunyuanCombinedTimestepTextSizeStyleEmbedding).
"""

from core.compute.architectures.config import Config
from core.compute.architectures.dit import check_class, modulated, patched
from core.compute.architectures.request import Request
from core.compute.architectures.unet_parts import forward_net, time_step
from core.compute.architectures.vision_windows import ratio
from core.compute.layers import Block, Shape, Value
from core.compute.notes import refuse

_DEFAULTS = {
    "num_attention_heads": 16,
    "attention_head_dim": 88,
    "sample_size": 32,
    "hidden_size": 1152,
    "in_channels": 4,
    "patch_size": 2,
    "num_layers": 28,
    "mlp_ratio": 4.0,
    "cross_attention_dim": 1024,
    "cross_attention_dim_t5": 2048,
    "pooled_projection_dim": 1024,
    "text_len": 77,
    "text_len_t5": 256,
}
_SIZES = 6
_FREQUENCIES = 256


def build(request: Request) -> Block:
    """The layer table of a HunyuanDiT."""
    check_class(request)
    c, batch = request.config.use(_DEFAULTS), request.inputs.batch
    width = c.count("num_attention_heads", high=10_000) * c.count("attention_head_dim", high=10_000)
    if width != c.count("hidden_size"):
        # The class adds what is as wide as one to what is as wide as the other.
        raise refuse("not_count", key="hidden_size", value=c.get("hidden_size"), low=width, high=width)
    t = Block()
    x = patched(t, request, "pos_embed.proj", c.count("hidden_size"))
    second = t.given((batch, c.count("text_len_t5"), c.count("cross_attention_dim_t5")))
    step = _step(t, c, second, c.count("hidden_size"))
    words = _words(t, c, second)
    made: dict[bool, Block] = {}
    kept: list[Value] = []
    layers = c.layers("num_layers")
    if layers > 1:  # one alone hands nothing over
        # As many layers hand over as are handed to; the class fails at an odd number.
        c.share("num_layers", layers, 2)
    for index in range(layers):
        skips = index > layers // 2
        if skips not in made:
            made[skips] = _block(c, x.shape, words.shape, step.shape, skips=skips)
        x = t.layer(f"blocks.{index}", made[skips], x, words, step, *((kept.pop(),) if skips else ()))
        if index < layers // 2 - 1:
            kept.append(x)
    x = modulated(t, "norm_out.linear", x, step, 2)
    patch, out = c.count("patch_size"), c.count("in_channels") * (2 if c.flag("learn_sigma", True) else 1)
    name, size = "proj_out", patch * patch * out
    return t.ends(t.linear(name, x, size, bias=True, label="output head", role="head"))


def _step(t: Block, c: Config, second: Value, wide: int) -> Value:
    """The time step, with the pooled text and, in the older kind, the picture's sizes and style."""
    path = "time_extra_emb."
    batch, length, across = second.shape
    step = time_step(t, f"{path}timestep_embedder", batch, wide)
    table = t.free(f"{path}pooler.positional_embedding", (length + 1, across))
    x = t.mix(second, table, shape=(batch, length + 1, across))
    first = t.mix(x, shape=(batch, 1, across))
    q = t.linear(f"{path}pooler.q_proj", first, across, bias=True, raw=True)
    k, v = (t.linear(f"{path}pooler.{one}_proj", x, across, bias=True, raw=True) for one in "kv")
    pooled = t.mix(t.attention(q, k, v, width=across, causal=False), shape=(batch, across))
    out = c.count("pooled_projection_dim")
    pooled = t.linear(f"{path}pooler.c_proj", pooled, out, bias=True, raw=True)
    more = [pooled]
    if c.flag("use_style_cond_and_image_meta_size", True):
        more.append(t.given((batch, _SIZES * _FREQUENCIES)))
        more.append(t.embedding(f"{path}style_embedder", 1, wide, (batch,)))
    x = t.mix(*more, shape=(batch, sum(one.width for one in more)))
    label = "embeddings of the time step"
    x = t.linear(f"{path}extra_embedder.linear_1", x, 4 * wide, bias=True, label=label)
    x = t.linear(f"{path}extra_embedder.linear_2", t.mix(x), wide, bias=True, label=label)
    return t.mix(step, x)


def _words(t: Block, c: Config, second: Value) -> Value:
    """Both texts in one row; a trained vector stands for each place without a word."""
    batch, width = second.shape[0], c.count("cross_attention_dim")
    y = t.linear("text_embedder.linear_1", second, 4 * second.width, bias=True)
    y = t.linear("text_embedder.linear_2", t.mix(y), width, bias=True)
    length = c.count("text_len") + second.shape[1]
    empty = t.free("text_embedding_padding", (length, width))
    return t.mix(t.given((batch, length, width)), y, empty, shape=(batch, length, width))


def _block(c: Config, shape: Shape, text: Shape, temb: Shape, *, skips: bool) -> Block:
    t = Block(shape, text, temb, *((shape,) if skips else ()))
    x, words, step = t.inputs[:3]
    width = shape[-1]
    if skips:
        both = t.mix(x, t.inputs[3], shape=(*shape[:-1], 2 * width))
        x = t.linear("skip_linear", t.norm("skip_norm", both, bias=True), width, bias=True)
    shift = t.linear("norm1.linear", t.mix(step), width, bias=True, label="modulation")
    h = t.mix(t.norm("norm1.norm", x, bias=True), shift, shape=shape)
    x = t.mix(x, _attend(t, c, "attn1", h, h))
    x = t.mix(x, _attend(t, c, "attn2", t.norm("norm2", x, bias=True), words))
    h = t.norm("norm3", x, bias=True)
    return t.ends(t.mix(x, forward_net(t, "ff", h, width=ratio(c, "mlp_ratio", width))))


def _attend(t: Block, c: Config, name: str, x: Value, memory: Value) -> Value:
    size = c.count("attention_head_dim", high=10_000)
    q = t.norm(f"{name}.norm_q", t.linear(f"{name}.to_q", x, x.width, bias=True), size=size, bias=True)
    k = t.norm(f"{name}.norm_k", t.linear(f"{name}.to_k", memory, x.width, bias=True), size=size, bias=True)
    v = t.linear(f"{name}.to_v", memory, x.width, bias=True)
    mixed = t.attention(q, k, v, width=x.width, causal=False)
    return t.linear(f"{name}.to_out.0", mixed, x.width, bias=True)
