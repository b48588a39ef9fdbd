# SPDX-License-Identifier: Apache-2.0
"""The first IDEFICS: new layers that look at the picture before each of a frozen language model's.

Only the new layers and the output head are trained, as the class itself sets it. Defaults and layout are
those of transformers 5.23 (modeling_idefics.py).
"""

from core.compute.architectures.clip_parts import CLIP, CLIP_VISION, vision_tower
from core.compute.architectures.config import Config
from core.compute.architectures.decoder import Layer, head_of, layer_block
from core.compute.architectures.decoder_types import heads_of, usual
from core.compute.architectures.parts import Attention, FeedForward, attend, feed_forward
from core.compute.architectures.request import Request
from core.compute.layers import Block, Call, Shape, Value
from core.compute.notes import refuse

_VISION = {"hidden_size": 768, "intermediate_size": 5120, "patch_size": 14, "num_hidden_layers": 32}


def build(request: Request) -> Block:
    """The layer table of an IDEFICS model."""
    head, c, i = head_of(_as_lm(request)), request.config, request.inputs
    if request.part not in ("main", "text_only", "vision_tower"):
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    c.use(usual(32000, 4096, 11008, 32, 32, cross_layer_interval=1))
    hidden, vocab = c.count("hidden_size"), c.count("vocab_size")
    v = c.inner(
        "vision_config", {**CLIP_VISION, **_VISION, "num_attention_heads": 16}, {"hidden_size": "embed_dim"}
    )
    path = "model." if head == "lm" else ""
    pictures = 0 if request.part == "text_only" else i.batch * (1 if i.images is None else i.images)
    texts = 0 if request.part == "vision_tower" else i.batch
    t = Block()
    inner = Block()
    inner.ends(vision_tower(inner, v, "", pictures, i.image, CLIP).states)
    frozen_sight = c.flag("freeze_vision_layers", True)
    seen = t.call(f"{path}vision_model", _fixed(inner) if frozen_sight else inner, layer=False)[0]
    if c.flag("use_resampler"):
        seen = _resampled(t, c, seen, f"{path}perceiver_resampler.")
    seen = t.mix(seen, shape=(texts, seen.rows // texts if texts else seen.shape[1], seen.width))
    frozen = c.flag("freeze_text_layers", True)
    length = i.seq_len or i.text_len or 1
    x = t.embedding(f"{path}embed_tokens", vocab, hidden, (texts, length), fixed=frozen)
    plain = layer_block(Layer(heads_of(c), FeedForward(c.count("intermediate_size"))), x.shape)
    plain = _fixed(plain) if frozen else plain
    every = c.count("cross_layer_interval")
    looks = _look(c, x.shape, seen.shape)
    for index in range(c.layers()):
        if index % every == 0:
            x = t.layer(f"{path}gated_cross_attn_layers.{index // every}", looks, x, seen)
        x = t.layer(f"{path}layers.{index}", plain, x)
    last = Block(x.shape)
    last.ends(last.norm("norm", last.inputs[0], role="final_norm"))
    x = t.call(path.rstrip("."), _fixed(last) if frozen else last, x, layer=False)[0]
    if head == "lm":
        shares = f"{path}embed_tokens" if c.flag("tie_word_embeddings") else ""
        x = t.linear("lm_head", x, vocab, shares=shares, label="output head", role="head")
        if shares and frozen:
            # The word table it uses is not trained.
            t.amend(fixed=True)
    return t.ends(x)


def _as_lm(request: Request) -> Request:
    """IdeficsForVisionText2Text is a language model with its head."""
    name = request.model_class
    return request._replace(model_class="ForCausalLM" if name.endswith("ForVisionText2Text") else name)


def _look(c: Config, shape: Shape, seen: Shape) -> Block:
    """A new layer: attention to the picture and a feed-forward, each weighed by a learned number."""
    a = heads_of(c)
    a = Attention(a.heads, a.heads, a.head_dim, name="cross_attn", causal=False)
    if c.flag("qk_layer_norms"):
        a = a._replace(norm_names=("q_layer_norm", "k_layer_norm"), norm_sizes=(a.head_dim, a.head_dim))
    t = Block(shape, seen)
    x, picture = t.inputs
    wide = shape[-1] if c.word("alpha_type", "float") == "vector" else 1
    gates = [t.free(f"alpha_{name}", (wide,), label="norms") for name in ("cross_attn", "dense")]
    y = attend(t, t.norm("input_layernorm", x), a, picture)
    x = t.mix(x, t.mix(y, gates[0], shape=y.shape))
    y = feed_forward(t, t.norm("post_attention_layernorm", x), FeedForward(c.count("intermediate_size")))
    return t.ends(t.mix(x, t.mix(y, gates[1], shape=y.shape, keeps=True)))


def _resampled(t: Block, c: Config, seen: Value, path: str) -> Value:
    """A few learned vectors that read the picture in its place (perceiver.py)."""
    p = c.inner(
        "perceiver_config",
        {"resampler_n_latents": 64, "resampler_depth": 6, "resampler_n_heads": 16, "resampler_head_dim": 96},
    )
    heads, size = p.count("resampler_n_heads"), p.count("resampler_head_dim")
    norms = p.flag("qk_layer_norms_perceiver")
    latents = (seen.shape[0], p.count("resampler_n_latents"), seen.width)
    b = Block(latents, seen.shape)
    x, picture = b.inputs
    rows = b.norm("0.context_layer_norm", picture, bias=True)
    short = b.norm("0.latents_layer_norm", x, bias=True)
    both = b.mix(rows, short, shape=(seen.shape[0], seen.shape[1] + latents[1], seen.width))
    q = b.linear("0.q_proj", short, heads * size)
    k, v = (b.linear(f"0.{name}_proj", both, heads * size) for name in "kv")
    if norms:
        q, k = (
            b.norm(f"0.{name}_layer_norm", one, size=size, bias=True) for name, one in (("q", q), ("k", k))
        )
    mixed = b.attention(q, k, v, width=heads * size, causal=False)
    x = b.mix(x, b.linear("0.output_proj", mixed, seen.width))
    mlp = FeedForward(4 * seen.width, name="1", ups=("fc",), down="c_proj", gated=False)
    b.ends(b.mix(x, feed_forward(b, b.norm("1.ln", x, bias=True), mlp)))
    x = t.free(f"{path}latents", latents, count=latents[1] * seen.width)
    for index in range(p.layers("resampler_depth")):
        x = t.layer(f"{path}blocks.{index}", b, x, seen)
    return t.norm(f"{path}layer_norm", x, bias=True)


def _fixed(block: Block) -> Block:
    """A copy of `block` whose weights are never trained."""
    done: dict[int, Block] = {}

    def copy(old: Block) -> Block:
        if id(old) not in done:
            new = Block()
            new.inputs, new.outputs, new.shapes = old.inputs, old.outputs, old.shapes
            for step in old.steps:
                new.steps.append(
                    step._replace(block=copy(step.block))
                    if isinstance(step, Call)
                    else step._replace(fixed=True)
                )
            done[id(old)] = new
        return done[id(old)]

    return copy(block)
