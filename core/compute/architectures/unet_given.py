# SPDX-License-Identifier: Apache-2.0
"""What a diffusion U-Net is given: the noised picture, the time step with all that is added to it, the text or picture
it attends to. Layout of diffusers 0.42."""

from core.compute.architectures.config import Config
from core.compute.architectures.request import Request
from core.compute.architectures.unet_parts import embedded
from core.compute.layers import Block, Value
from core.compute.notes import refuse

_LABEL = "embeddings of the time step"
_HINT = (
    (3, 16, 1),
    (16, 16, 1),
    (16, 32, 2),
    (32, 32, 1),
    (32, 96, 2),
    (96, 96, 1),
    (96, 256, 2),
    (256, 4, 1),
)
"""Convolutions over a guiding picture (ImageHintTimeEmbedding): channels before and after, stride."""
_WORDS_OF_PICTURE = {"text_image_proj": 10, "image_proj": 32}
"""As how many words a picture's vector is read, by `encoder_hid_dim_type`."""


def latent(t: Block, request: Request, *, beside: int = 0) -> Value:
    """What is denoised: the latent given, else pixels, else the configuration's own size. `beside`: channels of the
    first convolution that are not the latent's."""
    c, i = request.config, request.inputs
    own = c.count("in_channels") - beside
    if i.latent:
        channels, height, width = i.latent[0], *i.latent[-2:]
    else:
        usual = c.sides("sample_size") if c.get("sample_size") else (64, 64)
        channels, (height, width) = own, i.image or usual
    if channels != own:
        raise refuse("not_count", key="in_channels", value=own, low=channels, high=channels)
    return t.given((i.batch, height, width, channels))


def each(c: Config, key: str, count: int) -> tuple[int, ...]:
    """A number for each level, given as one number or a list."""
    if isinstance(c.get(key), list | tuple):
        values = c.counts(key, low=1, most=100) or ()
        if len(values) < count:
            raise refuse("not_list", key=key, value=values, count=count)
        return values[:count]
    return (c.count(key, high=10_000),) * count


def started(t: Block, request: Request, width: int) -> Value:
    """The first convolution, over the latent and, where the configuration has one, the picture that guides it."""
    c = request.config
    hinted = c.get("addition_embed_type") == "image_hint"
    x = latent(t, request, beside=_HINT[-1][1] if hinted else 0)
    if hinted:
        batch, height, wide, channels = x.shape
        hint = t.given((batch, 8 * height, 8 * wide, 3))
        for index, (_, out, stride) in enumerate(_HINT):
            name = f"add_embedding.input_hint_block.{2 * index}"
            hint = t.mix(t.conv(name, hint, out, kernel=(3, 3), stride=stride, padding=1))
        x = t.mix(x, hint, shape=(batch, height, wide, channels + hint.width))
    side = c.count("conv_in_kernel", 3, high=99)
    edge = (side - 1) // 2
    return t.conv("conv_in", x, width, kernel=(side, side), padding=edge, label="patch embedding")


def times(t: Block, c: Config, batch: int, text: int = 0) -> Value:
    """The time embedding, with classes and pooled text or picture added where the configuration has them. `text`: how
    many words there are; none in the plain kind."""
    plain = text == 0
    first, kind = (
        (c.counts("block_out_channels", low=1) or (0,))[0],
        c.word("time_embedding_type", "positional"),
    )
    fourier = kind == "fourier"
    # With random frequencies the conditioned kind is half as wide, and has half as many of them as it is wide.
    wide = c.count("time_embedding_dim", (2 if fourier and not plain else 4) * first)
    size = first
    if fourier:
        count = first if plain else wide // 2
        t.free("time_proj.weight", (count,), fixed=True)
        size = 2 * count
    elif kind == "learned" and plain:
        t.embedding("time_proj", c.count("num_train_timesteps"), first, (batch,))
    elif kind != "positional":
        raise refuse("not_choice", key="time_embedding_type", value=kind)
    step = t.given((batch, size))
    if c.get("time_cond_proj_dim") is not None:
        # How strongly to guide (latent consistency models).
        given = t.given((batch, c.count("time_cond_proj_dim")))
        step = t.mix(step, t.linear("time_embedding.cond_proj", given, size, label=_LABEL))
    temb = embedded(t, "time_embedding", step, wide)
    known = _classes(t, c, (batch, size), wide)
    if known is not None and c.flag("class_embeddings_concat"):
        temb = t.mix(temb, known, shape=(batch, 2 * wide))
    elif known is not None:
        temb = t.mix(temb, known)
    added = _added(t, c, (batch, text), wide)
    return temb if added is None else t.mix(temb, added)


def _classes(t: Block, c: Config, given: tuple[int, int], wide: int) -> Value | None:
    """The class, `given` as sines like the time step where the configuration says so."""
    kind, name, batch = c.get("class_embed_type"), "class_embedding", given[0]
    if kind is None and c.get("num_class_embeds") is not None:
        return t.embedding(name, c.count("num_class_embeds"), wide, (batch,))
    if kind == "timestep":
        return embedded(t, name, t.given(given), wide)
    if kind in ("projection", "simple_projection"):
        x = t.given((batch, c.count("projection_class_embeddings_input_dim")))
        simple = kind == "simple_projection"
        return t.linear(name, x, wide, bias=True, label=_LABEL) if simple else embedded(t, name, x, wide)
    if kind not in (None, "identity"):
        raise refuse("not_choice", key="class_embed_type", value=kind)
    return None


def _added(t: Block, c: Config, shape: tuple[int, int], wide: int) -> Value | None:
    """What is added to the time step: pooled text, sizes of the picture, a picture's own vector (Kandinsky)."""
    kind, path, (batch, text) = c.get("addition_embed_type"), "add_embedding.", shape
    if kind is None:
        return None
    if kind == "text_time" and c.get("projection_class_embeddings_input_dim") is not None:
        given = t.given((batch, c.count("projection_class_embeddings_input_dim")))
        return embedded(t, "add_embedding", given, wide)
    if kind == "text" and text:
        return _pooled(t, c, shape, wide)
    if kind == "text_image" and text:
        width = each(c, "cross_attention_dim", 1)[0]
        words = t.linear(f"{path}text_proj", t.given((batch, width)), wide, bias=True, label=_LABEL)
        picture = t.linear(f"{path}image_proj", t.given((batch, width)), wide, bias=True, label=_LABEL)
        return t.mix(t.norm(f"{path}text_norm", words, bias=True), picture)
    if kind in ("image", "image_hint") and text:
        given = t.given((batch, c.count("encoder_hid_dim")))
        picture = t.linear(f"{path}image_proj", given, wide, bias=True, label=_LABEL)
        return t.norm(f"{path}image_norm", picture, bias=True)
    raise refuse("not_choice", key="addition_embed_type", value=kind)


def _pooled(t: Block, c: Config, shape: tuple[int, int], wide: int) -> Value:
    """The text as one vector: its mean looks at all words (diffusers' TextTimeEmbedding)."""
    path, (batch, length) = "add_embedding.", shape
    width = c.count("encoder_hid_dim", each(c, "cross_attention_dim", 1)[0])
    x = t.norm(f"{path}norm1", t.given((batch, length, width)), bias=True)
    first = t.mix(x, t.free(f"{path}pool.positional_embedding", (1, width)), shape=(batch, 1, width))
    x = t.mix(first, x, shape=(batch, length + 1, width))
    q = t.linear(f"{path}pool.q_proj", first, width, bias=True, label=_LABEL)
    k, v = (t.linear(f"{path}pool.{one}_proj", x, width, bias=True, label=_LABEL) for one in "kv")
    x = t.mix(t.attention(q, k, v, width=width, causal=False), shape=(batch, width))
    return t.norm(f"{path}norm2", t.linear(f"{path}proj", x, wide, bias=True, label=_LABEL), bias=True)


def words(t: Block, c: Config, request: Request) -> tuple[Value, int]:
    """What the U-Net attends to, at the width of its attention: the text's states, a picture's vector read as so many
    words (Kandinsky), or both. And how many words the text itself has."""
    width, length = (
        each(c, "cross_attention_dim", 1)[0],
        request.inputs.text_len or request.inputs.seq_len or 77,
    )
    batch, path = request.inputs.batch, "encoder_hid_proj"
    kind = c.get("encoder_hid_dim_type") or ("text_proj" if c.get("encoder_hid_dim") else None)
    if kind is None:
        return t.given((batch, length, width)), length
    wide = c.count("encoder_hid_dim")
    if kind == "text_proj":
        return t.linear(path, t.given((batch, length, wide)), width, bias=True), length
    if kind not in _WORDS_OF_PICTURE:
        raise refuse("not_choice", key="encoder_hid_dim_type", value=kind)
    count = _WORDS_OF_PICTURE[str(kind)]
    vector = t.given((batch, wide if kind == "image_proj" else width))
    picture = t.linear(f"{path}.image_embeds", vector, count * width, bias=True)
    picture = t.mix(picture, shape=(batch, count, width))
    if kind == "image_proj":
        return t.norm(f"{path}.norm", picture, bias=True), length
    text = t.linear(f"{path}.text_proj", t.given((batch, length, wide)), width, bias=True)
    return t.mix(picture, text, shape=(batch, count + length, width)), length
