# SPDX-License-Identifier: Apache-2.0
"""Parameters of the layers in a Keras configuration, from their settings and the shapes they were built with.

Weights of each layer: keras/src/layers, `build` of the class. A layer that is not listed makes the count unknown.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.scan.private import short_text

_NO_WEIGHTS = frozenset(
    "InputLayer Activation ReLU LeakyReLU ELU Softmax Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D "
    "GaussianDropout GaussianNoise AlphaDropout Flatten Reshape Permute RepeatVector Masking Add Subtract Multiply "
    "Average Maximum Minimum Concatenate Dot Rescaling Resizing CenterCrop RandomFlip RandomRotation RandomZoom "
    "RandomTranslation RandomContrast RandomCrop RandomBrightness ZeroPadding1D ZeroPadding2D ZeroPadding3D Cropping1D "
    "Cropping2D Cropping3D UpSampling1D UpSampling2D UpSampling3D MaxPooling1D MaxPooling2D MaxPooling3D "
    "AveragePooling1D AveragePooling2D AveragePooling3D GlobalAveragePooling1D GlobalAveragePooling2D "
    "GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D Identity UnitNormalization "
    "ActivityRegularization Attention".split()
)
_CONV = {
    "Conv1D": 1,
    "Conv2D": 2,
    "Conv3D": 3,
    "Conv1DTranspose": 1,
    "Conv2DTranspose": 2,
    "Conv3DTranspose": 3,
}
_BY_CHANNEL = frozenset({"DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"})
_DEPTH = 8
_MOST = 20_000


@dataclass(slots=True)
class Counted:
    """Sums over the layers; `unknown` names kinds of layers that could not be counted."""

    total: int = 0
    trainable: int = 0
    frozen: int = 0
    """Weights of layers that are set not to be trained; statistics are none of them."""
    lambdas: int = 0
    layers: int = 0
    unknown: list[str] = field(default_factory=list)


class _UnknownLayerError(Exception):
    pass


def count_layers(model: Mapping[str, Any]) -> Counted:
    """Parameters of a model's configuration, models inside it included."""
    counted = Counted()
    _model(model, counted, 0, True)
    return counted


def _model(model: Mapping[str, Any], counted: Counted, depth: int, trainable: bool) -> None:
    settings = model.get("config")
    layers = settings.get("layers") if isinstance(settings, dict) else None
    if depth > _DEPTH or not isinstance(layers, list):
        _unknown(counted, model.get("class_name"))
        return
    for layer in layers:
        counted.layers += 1
        if counted.layers > _MOST or not isinstance(layer, dict) or not isinstance(layer.get("config"), dict):
            _unknown(counted, None)
            return
        trained = trainable and layer["config"].get("trainable", True) is not False
        if isinstance(layer["config"].get("layers"), list):
            _model(layer, counted, depth + 1, trained)
            continue
        name = layer.get("class_name")
        counted.lambdas += name == "Lambda"
        try:
            weights, fixed = _weights(name, layer["config"], layer.get("build_config"))
        except _UnknownLayerError:
            _unknown(counted, name)
            continue
        counted.total += weights + fixed
        counted.trainable += weights if trained else 0
        counted.frozen += 0 if trained else weights


def _unknown(counted: Counted, name: object) -> None:
    label = short_text(name, 60) if isinstance(name, str) and name.isidentifier() else None
    label = label or "?"
    if label not in counted.unknown:
        counted.unknown.append(label)


def _weights(name: object, settings: Mapping[str, Any], built: Any) -> tuple[int, int]:
    """Trained weights and fixed ones (statistics) of one layer."""
    if not isinstance(name, str):
        raise _UnknownLayerError
    if name in _NO_WEIGHTS:
        return 0, 0
    if name == "Embedding":
        return _size(settings.get("input_dim")) * _size(settings.get("output_dim")), 0
    if name in _OWN_SHAPES:
        return _OWN_SHAPES[name](settings, built)
    shape = built.get("input_shape") if isinstance(built, dict) else None
    if not isinstance(shape, list) or not shape:
        raise _UnknownLayerError
    bias = settings.get("use_bias", True) is not False
    if name == "Dense":
        units = _size(settings.get("units"))
        return units * (_size(shape[-1]) + bias), 0
    if settings.get("data_format") == "channels_first":
        raise _UnknownLayerError
    if name in _CONV:
        filters, groups = _size(settings.get("filters")), _size(settings.get("groups", 1))
        return filters * (_kernel(settings, _CONV[name]) * _size(shape[-1]) // groups + bias), 0
    if name in _BY_CHANNEL:
        inner = _size(shape[-1]) * _size(settings.get("depth_multiplier", 1))
        window = inner * _kernel(settings, int(name[-2]))
        if name.startswith("Depthwise"):
            return window + bias * inner, 0
        # One window for each channel, then a mixing of channels; only the second has a bias.
        return window + _size(settings.get("filters")) * (inner + bias), 0
    if name in ("BatchNormalization", "LayerNormalization"):
        axis = settings.get("axis", -1)
        if axis not in (-1, [-1], len(shape) - 1, [len(shape) - 1]):
            raise _UnknownLayerError
        width = _size(shape[-1])
        parts = (settings.get("center", True) is not False) + (settings.get("scale", True) is not False)
        return width * parts, 2 * width if name == "BatchNormalization" else 0
    return _recurrent(name, settings, _size(shape[-1])), 0


def _recurrent(name: str, settings: Mapping[str, Any], width: int) -> int:
    gates = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}.get(name)
    if gates is None:
        raise _UnknownLayerError
    units = _size(settings.get("units"))
    biases = 2 if name == "GRU" and settings.get("reset_after", True) is not False else 1
    return gates * units * (width + units + biases * (settings.get("use_bias", True) is not False))


def _both_ways(settings: Mapping[str, Any], built: Any) -> tuple[int, int]:
    """Two layers over one input, forwards and backwards; alike unless the second is given."""
    sums = [0, 0]
    for key in ("layer", "backward_layer"):
        inner = settings.get(key) or settings.get("layer")
        if not isinstance(inner, dict) or not isinstance(inner.get("config"), dict):
            raise _UnknownLayerError
        if inner.get("class_name") not in ("SimpleRNN", "LSTM", "GRU"):
            raise _UnknownLayerError
        for at, count in enumerate(_weights(inner["class_name"], inner["config"], built)):
            sums[at] += count
    return sums[0], sums[1]


def _heads(settings: Mapping[str, Any], built: Any) -> tuple[int, int]:
    """Query, key, value and output of attention, each with its bias (keras/src/layers/attention, `build`).

    The kinds with a gate, norms inside or another output shape are left unknown.
    """
    shapes = built.get("shapes_dict") if isinstance(built, dict) else None
    if not isinstance(shapes, dict) or settings.get("use_gate") or settings.get("output_shape"):
        raise _UnknownLayerError
    query, value = (_last(shapes.get(f"{part}_shape")) for part in ("query", "value"))
    keyed = shapes.get("key_shape")
    key = value if keyed is None else _last(keyed)
    heads, deep = _size(settings.get("num_heads")), _size(settings.get("key_dim"))
    wide = _size(settings.get("value_dim") or deep)
    bias = settings.get("use_bias", True) is not False
    inner = (query + bias) * heads * deep + (key + bias) * heads * deep + (value + bias) * heads * wide
    return inner + (heads * wide + bias) * query, 0


def _last(shape: object) -> int:
    if not isinstance(shape, list) or not shape:
        raise _UnknownLayerError
    return _size(shape[-1])


def _kernel(settings: Mapping[str, Any], dimensions: int) -> int:
    size = settings.get("kernel_size")
    sides = size if isinstance(size, list) else [size] * dimensions
    if len(sides) != dimensions:
        raise _UnknownLayerError
    return math.prod(map(_size, sides))


def _size(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 10**9:
        raise _UnknownLayerError
    return value


_OWN_SHAPES = {"Bidirectional": _both_ways, "MultiHeadAttention": _heads}
"""Layers that were built with other shapes than one input's."""
