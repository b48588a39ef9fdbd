# SPDX-License-Identifier: Apache-2.0
"""Models of a text and an image tower (CLIP, SigLIP, Chinese-CLIP, AltCLIP, OWL-ViT) and the towers by themselves.

Layout and defaults of transformers 5.23. Parts: `main` runs both, `text_tower` and `image_tower` one; the vector
such a part ends in is made, but as in the library's own outputs the states come first and the loss is taken there.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from core.compute.architectures import clip_parts, encoder_types
from core.compute.architectures.clip_parts import Tower, siglip_text, text_tower, vision_tower
from core.compute.architectures.config import Config
from core.compute.architectures.encoder import body
from core.compute.architectures.request import Request
from core.compute.layers import Block, Value
from core.compute.notes import note, refuse

_BERT_TEXT = {
    "vocab_size": 30522,
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "max_position_embeddings": 512,
    "type_vocab_size": 2,
}
_ALT_TEXT = {
    **_BERT_TEXT,
    "vocab_size": 250002,
    "hidden_size": 1024,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "intermediate_size": 4096,
    "max_position_embeddings": 514,
    "type_vocab_size": 1,
    "project_dim": 768,
}


class Pass(NamedTuple):
    """One pass: its text batch and length, its images, and whether the loss reads the pooled vectors (`used`), the
    image's among them (`sees`)."""

    texts: tuple[int, int]
    images: int
    image: tuple[int, int] | None
    used: bool
    sees: bool = True


def build(request: Request) -> Block:
    """The layer table of a dual encoder, or of one tower of it."""
    c, name = request.config, request.model_class
    single = _SINGLE.get(request.model_type)
    if single is not None:
        if request.part != "main":
            raise refuse("unknown_part", model_type=request.model_type, part=request.part)
        return single(request)
    parts = {"main": (1, 1), "text_tower": (1, 0), "image_tower": (0, 1)}
    if request.part not in parts:
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    with_text, with_image = parts[request.part]
    if not name:
        name = "Model"
        c.notes.append(note("head", head=name))
    batch, i = request.inputs.batch, request.inputs
    one = Pass((batch * with_text, i.seq_len or 1), batch * with_image, i.image, request.part == "main")
    t = Block()
    if name.endswith("ForImageClassification") and request.model_type in ("clip", "siglip", "siglip2"):
        return _classifier(t, request, one)
    if name.endswith("ForObjectDetection") and request.model_type == "owlvit":
        return _detector(t, c, one)
    if not name.endswith("Model"):
        raise refuse("unknown_class", model_class=name, model_type=request.model_type)
    _, image, text = _DUAL[request.model_type](t, c, one, "")
    return t.ends(_match(t, image.pooled, text.pooled, one))


def _match(t: Block, image: Value, text: Value, one: Pass) -> Value:
    """Every text against every image."""
    texts, images = one.texts[0], one.images
    return t.product(
        "output head", text, image, flop=2 * texts * images * text.width, shape=(max(1, texts), images)
    )


def _projected(t: Block, c: Config, path: str, vision: Tower, text: Tower, one: Pass) -> tuple[Tower, Tower]:
    """Both vectors brought to one width, and the learned temperature."""
    width = c.count("projection_dim", 512)
    dead = not one.used
    unseen = dead or not one.sees
    image = t.linear(f"{path}visual_projection", vision.pooled, width, dead=unseen, label="output head")
    words = t.linear(f"{path}text_projection", text.pooled, width, dead=dead, label="output head")
    t.free(f"{path}logit_scale", (1,), label="output head")
    return vision._replace(pooled=image), text._replace(pooled=words)


def _clip(t: Block, c: Config, one: Pass, path: str) -> tuple[Tower, Tower, Tower]:
    c.use({"projection_dim": 512})
    kind = clip_parts.CLIP
    texts, images = (
        c.inner("text_config", clip_parts.CLIP_TEXT),
        c.inner("vision_config", clip_parts.CLIP_VISION),
    )
    text = text_tower(t, texts, f"{path}text_model.", one.texts)
    vision = vision_tower(t, images, f"{path}vision_model.", one.images, one.image, kind)
    return vision, *_projected(t, c, path, vision, text, one)


def _owlvit(t: Block, c: Config, one: Pass, path: str) -> tuple[Tower, Tower, Tower]:
    c.use({"projection_dim": 512})
    texts = c.inner("text_config", {**clip_parts.CLIP_TEXT, "max_position_embeddings": 16})
    images = c.inner("vision_config", {**clip_parts.CLIP_VISION, "image_size": 768})
    text = text_tower(t, texts, f"{path}text_model.", one.texts)
    vision = vision_tower(t, images, f"{path}vision_model.", one.images, one.image, clip_parts.OWL)
    return vision, *_projected(t, c, path, vision, text, one)


def _chinese(t: Block, c: Config, one: Pass, path: str) -> tuple[Tower, Tower, Tower]:
    c.use({"projection_dim": 512})
    texts, images = c.inner("text_config", _BERT_TEXT), c.inner("vision_config", clip_parts.CLIP_VISION)
    states = body(t, encoder_types.plain(texts, ""), one.texts, f"{path}text_model.")
    text = Tower(states, t.mix(states, shape=(one.texts[0], states.width)))
    vision = vision_tower(t, images, f"{path}vision_model.", one.images, one.image)
    return vision, *_projected(t, c, path, vision, text, one)


def _alt(t: Block, c: Config, one: Pass, path: str) -> tuple[Tower, Tower, Tower]:
    c.use({"projection_dim": 768})
    texts, images = c.inner("text_config", _ALT_TEXT), c.inner("vision_config", clip_parts.CLIP_VISION)
    tower = encoder_types.plain(texts, "")._replace(layers="encoder.layers")
    states = body(t, tower, one.texts, f"{path}text_model.roberta.")
    states = t.norm(f"{path}text_model.pre_LN", states, bias=True)
    states = t.linear(f"{path}text_model.transformation", states, texts.count("project_dim"), bias=True)
    text = Tower(states, t.mix(states, shape=(one.texts[0], states.width)))
    vision = vision_tower(t, images, f"{path}vision_model.", one.images, one.image)
    return vision, *_projected(t, c, path, vision, text, one)


def _siglip(t: Block, c: Config, one: Pass, path: str) -> tuple[Tower, Tower, Tower]:
    return _sig(t, c, one, path, clip_parts.SIGLIP, clip_parts.SIGLIP_VISION)


def _siglip2(t: Block, c: Config, one: Pass, path: str) -> tuple[Tower, Tower, Tower]:
    return _sig(t, c, one, path, clip_parts.SIGLIP2, clip_parts.SIGLIP2_VISION)


def _sig(
    t: Block, c: Config, one: Pass, path: str, kind: clip_parts.VisionKind, defaults: Mapping[str, object]
) -> tuple[Tower, Tower, Tower]:
    dead = not one.used
    texts, images = c.inner("text_config", clip_parts.SIGLIP_TEXT), c.inner("vision_config", defaults)
    text = siglip_text(t, texts, f"{path}text_model.", one.texts, dead_head=dead)
    vision = vision_tower(t, images, f"{path}vision_model.", one.images, one.image, kind, dead_head=dead)
    t.free(f"{path}logit_scale", (1,), label="output head")
    t.free(f"{path}logit_bias", (1,), label="output head")
    return vision, vision, text


def _classifier(t: Block, request: Request, one: Pass) -> Block:
    """An image classifier on the mean patch; the text tower is not part of it."""
    c = request.config
    defaults, kind = {
        "clip": (clip_parts.CLIP_VISION, clip_parts.CLIP),
        "siglip": (clip_parts.SIGLIP_VISION, clip_parts.SIGLIP),
        "siglip2": (clip_parts.SIGLIP2_VISION, clip_parts.SIGLIP2),
    }[request.model_type]
    images = c.inner("vision_config", defaults)
    vision = vision_tower(t, images, "vision_model.", one.images, one.image, kind, dead_head=True)
    mean = t.mix(vision.states, shape=(one.images, vision.states.width))
    return t.ends(t.linear("classifier", mean, c.labels(), bias=True, label="output head", role="head"))


def _detector(t: Block, c: Config, one: Pass) -> Block:
    """OWL-ViT's detector: a class and a box for each patch. The box head runs, the loss reads the classes."""
    vision, image, text = _owlvit(t, c, one._replace(sees=False), "owlvit.")
    # Whole pictures are compared with the texts too, which nothing reads.
    _match(t, t.mix(image.pooled, detached=True), t.mix(text.pooled, detached=True), one)
    batch, rows, hidden = vision.states.shape
    x = t.mix(vision.states, shape=(batch, rows - 1, hidden))
    x = t.norm("layer_norm", x, bias=True)
    label = "output head"
    wide = c.inner("text_config", clip_parts.CLIP_TEXT).count("hidden_size")
    classes = t.linear("class_head.dense0", x, wide, bias=True, label=label, role="head")
    flop = 2 * x.rows * text.pooled.width * (one.texts[0] // max(1, batch))
    scores = t.product(label, classes, text.pooled, flop=flop, shape=(batch, rows - 1, 1))
    shift = t.linear("class_head.logit_shift", x, 1, bias=True, label=label, role="head")
    scale = t.linear("class_head.logit_scale", x, 1, bias=True, label=label, role="head")
    box = x
    for index, out in enumerate((hidden, hidden, 4)):
        box = t.linear(f"box_head.dense{index}", box, out, bias=True, label=label, dead=True)
    return t.ends(t.mix(scores, shift, scale, keeps=True))


def _clip_text(request: Request) -> Block:
    c, i = request.config.use(clip_parts.CLIP_TEXT), request.inputs
    t = Block()
    projects = _wraps(request, "TextModel")
    path = "text_model." if projects else ""
    tower = text_tower(t, c, path, (i.batch, i.seq_len or 1))
    if not projects:
        return t.ends(tower.states)
    width = c.count("projection_dim")
    return t.ends(t.linear("text_projection", tower.pooled, width, label="output head", role="head"))


def _clip_vision(request: Request) -> Block:
    c, i = request.config.use(clip_parts.CLIP_VISION), request.inputs
    t = Block()
    projects = _wraps(request, "VisionModel")
    path = "vision_model." if projects else ""
    tower = vision_tower(t, c, path, i.batch, i.image)
    if not projects:
        return t.ends(tower.states)
    width = c.count("projection_dim")
    return t.ends(t.linear("visual_projection", tower.pooled, width, label="output head", role="head"))


def _siglip_text_alone(request: Request) -> Block:
    c, i = request.config.use(clip_parts.SIGLIP_TEXT), request.inputs
    _wraps(request, "TextModel")
    t = Block()
    return t.ends(siglip_text(t, c, "", (i.batch, i.seq_len or 1), dead_head=True).states)


def _siglip_vision_alone(request: Request) -> Block:
    two = request.model_type.startswith("siglip2")
    kind = clip_parts.SIGLIP2 if two else clip_parts.SIGLIP
    c = request.config.use(clip_parts.SIGLIP2_VISION if two else clip_parts.SIGLIP_VISION)
    _wraps(request, "VisionModel")
    t = Block()
    tower = vision_tower(t, c, "", request.inputs.batch, request.inputs.image, kind, dead_head=True)
    return t.ends(tower.states)


def _wraps(request: Request, ending: str) -> bool:
    """Is it the class with a projection on top? Raises BadConfig for a class that is neither."""
    name = request.model_class
    if not name:
        request.config.notes.append(note("head", head=ending))
        return False
    if name.endswith("ModelWithProjection") and request.model_type.startswith("clip"):
        return True
    if not name.endswith(ending):
        raise refuse("unknown_class", model_class=name, model_type=request.model_type)
    return False


_DUAL: dict[str, Callable[[Block, Config, Pass, str], tuple[Tower, Tower, Tower]]] = {
    "altclip": _alt,
    "chinese_clip": _chinese,
    "clip": _clip,
    "owlvit": _owlvit,
    "siglip": _siglip,
    "siglip2": _siglip2,
}
_SINGLE: dict[str, Callable[[Request], Block]] = {
    "clip_text_model": _clip_text,
    "clip_vision_model": _clip_vision,
    "siglip2_text_model": _siglip_text_alone,
    "siglip2_vision_model": _siglip_vision_alone,
    "siglip_text_model": _siglip_text_alone,
    "siglip_vision_model": _siglip_vision_alone,
}
