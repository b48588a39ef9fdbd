# SPDX-License-Identifier: Apache-2.0
"""LayoutLMv3: words, their places on the page and patches of the page. Layout of transformers 5.23."""

from collections.abc import Callable

from core.compute.architectures.encoder import Encoder, assemble, embed, stack
from core.compute.architectures.encoder_more import BASE
from core.compute.architectures.encoder_types import plain
from core.compute.architectures.request import Request
from core.compute.layers import Block, Value
from core.compute.notes import refuse


def build(request: Request) -> Block:
    """The layer table of a LayoutLMv3 with the head its class name says."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    return assemble(_read(request), request, _with_page(request))


def _read(request: Request) -> Encoder:
    """layoutlmv3: roberta with tables for the place on the page; patches of the page when there is a picture."""
    c = request.config
    sizes: dict[str, object] = {"vocab_size": 50265, "max_2d_position_embeddings": 1024}
    places: dict[str, object] = {"coordinate_size": 128, "shape_size": 128, "rel_pos_bins": 32}
    c.use(
        {
            **BASE,
            **sizes,
            **places,
            "rel_2d_pos_bins": 64,
            "input_size": 224,
            "patch_size": 16,
            "num_channels": 3,
        }
    )
    e = plain(c, "layoutlmv3")
    heads, rows = c.count("num_attention_heads"), c.count("max_2d_position_embeddings")
    idle = []
    # Read as tables, so no pass runs them as layers.
    layers: list[tuple[str, int, int, bool]] = []
    if c.flag("has_relative_attention_bias", True):
        layers.append(("encoder.rel_pos_bias", c.count("rel_pos_bins"), heads, False))
    if c.flag("has_spatial_attention_bias", True):
        bins = c.count("rel_2d_pos_bins")
        layers += [(f"encoder.rel_pos_{side}_bias", bins, heads, False) for side in "xy"]
    for side in "xyhw":
        size = c.count("coordinate_size" if side in "xy" else "shape_size")
        idle.append((f"embeddings.{side}_position_embeddings", rows * size))
    few = c.labels() < 10 or not request.model_class.endswith("ForTokenClassification")
    return e._replace(
        idle=tuple(idle),
        idle_layers=tuple(layers),
        pooler="",
        classify=("classifier.dense", "classifier.out_proj"),
        token_dense="" if few else "classifier.dense",
        question_dense="qa_outputs.dense",
    )


def _with_page(request: Request) -> Callable[[Block, Encoder, tuple[int, int], str], Value]:
    """LayoutLMv3's layers on the words and, when a picture is given, its patches."""
    c = request.config

    def inside(t: Block, e: Encoder, positions: tuple[int, int], path: str) -> Value:
        x = embed(t, e, positions, path)
        if not c.flag("visual_embed", True):
            return stack(t, e, x, path)
        batch, length = positions
        side, patch = c.count("input_size"), c.count("patch_size", high=10_000)
        seen = batch if request.inputs.image else 0
        height, width = request.inputs.image or (side, side)
        y = t.given((seen, max(height, patch), max(width, patch), c.count("num_channels")))
        y = t.conv(
            f"{path}patch_embed.proj",
            y,
            e.hidden,
            kernel=(patch, patch),
            stride=patch,
            label="patch embedding",
        )
        count = y.shape[1] * y.shape[2] + 1
        tokens = [
            t.free(f"{path}cls_token", (1, 1, e.hidden)),
            t.free(f"{path}pos_embed", (1, (side // patch) ** 2 + 1, e.hidden)),
        ]
        y = t.norm(f"{path}norm", t.mix(y, *tokens, shape=(seen, count, e.hidden)), bias=True)
        whole = length + (count if seen else 0)
        x = t.norm(f"{path}LayerNorm", t.mix(x, y, shape=(batch, whole, e.hidden)), bias=True)
        x = stack(t, e, x, path)
        # Answers are looked for among the patches too.
        asks = request.model_class.endswith("ForQuestionAnswering")
        return x if asks else t.mix(x, shape=(batch, length, e.hidden))

    return inside
