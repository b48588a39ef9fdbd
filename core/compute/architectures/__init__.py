# SPDX-License-Identifier: Apache-2.0
"""From a configuration to a layer table: one module per family, found by `model_type`.

A family module is imported only when one of its types is asked for, so counting stays quick.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from core.compute.architectures.config import Config
from core.compute.inputs import Inputs
from core.compute.layers import Block
from core.compute.notes import UnknownClass, note, refuse


class Request(NamedTuple):
    """What to build: the model class (empty: the one the configuration names, else the usual) and the part."""

    config: Config
    inputs: Inputs
    model_class: str
    part: str
    model_type: str


Builder: TypeAlias = Callable[[Request], Block]


def _decoder() -> Builder:
    from core.compute.architectures import decoder

    return decoder.build


def _encoder() -> Builder:
    from core.compute.architectures import encoder

    return encoder.build


def _seq2seq() -> Builder:
    from core.compute.architectures import seq2seq

    return seq2seq.build


def _vision() -> Builder:
    from core.compute.architectures import vision

    return vision.build


def _dual() -> Builder:
    from core.compute.architectures import dual

    return dual.build


def _sam() -> Builder:
    from core.compute.architectures import sam

    return sam.build


def _swin() -> Builder:
    from core.compute.architectures import swin

    return swin.build


def _vitdet() -> Builder:
    from core.compute.architectures import vision_windows

    return vision_windows.build


def _convnets() -> Builder:
    from core.compute.architectures import convnets

    return convnets.build


def _mobilenets() -> Builder:
    from core.compute.architectures import mobilenets

    return mobilenets.build


def _pyramids() -> Builder:
    from core.compute.architectures import pyramids

    return pyramids.build


def _vision_stages() -> Builder:
    from core.compute.architectures import vision_stages

    return vision_stages.build


def _depth() -> Builder:
    from core.compute.architectures import depth

    return depth.build


def _detr() -> Builder:
    from core.compute.architectures import detr

    return detr.build


def _more_encoders() -> Builder:
    from core.compute.architectures import encoder_more

    return encoder_more.build


def _deberta() -> Builder:
    from core.compute.architectures import deberta

    return deberta.build


def _mobilebert() -> Builder:
    from core.compute.architectures import mobilebert

    return mobilebert.build


def _funnel() -> Builder:
    from core.compute.architectures import funnel

    return funnel.build


def _xlnet() -> Builder:
    from core.compute.architectures import xlnet

    return xlnet.build


def _more_seq2seq() -> Builder:
    from core.compute.architectures import seq2seq_more

    return seq2seq_more.build


def _prophetnet() -> Builder:
    from core.compute.architectures import prophetnet

    return prophetnet.build


def _audio() -> Builder:
    from core.compute.architectures import audio

    return audio.build


def _speech() -> Builder:
    from core.compute.architectures import speech

    return speech.build


def _multimodal() -> Builder:
    from core.compute.architectures import multimodal

    return multimodal.build


def _more_decoders() -> Builder:
    from core.compute.architectures import decoder_more

    return decoder_more.build


def _gemma4() -> Builder:
    from core.compute.architectures import gemma4

    return gemma4.build


def _mllama() -> Builder:
    from core.compute.architectures import mllama

    return mllama.build


def _captions() -> Builder:
    from core.compute.architectures import captions

    return captions.build


def _vilt() -> Builder:
    from core.compute.architectures import vilt

    return vilt.build


def _layoutlmv3() -> Builder:
    from core.compute.architectures import layoutlmv3

    return layoutlmv3.build


def _deepseek_v4() -> Builder:
    from core.compute.architectures import deepseek_v4

    return deepseek_v4.build


def _idefics() -> Builder:
    from core.compute.architectures import idefics

    return idefics.build


def _hybrid() -> Builder:
    from core.compute.architectures import hybrid

    return hybrid.build


def _delta() -> Builder:
    from core.compute.architectures import delta_types

    return delta_types.build


def _rwkv() -> Builder:
    from core.compute.architectures import rwkv

    return rwkv.build


def _zamba() -> Builder:
    from core.compute.architectures import zamba

    return zamba.build


def _unet() -> Builder:
    from core.compute.architectures import unet

    return unet.build


def _autoencoder() -> Builder:
    from core.compute.architectures import autoencoder

    return autoencoder.build


def _dit() -> Builder:
    from core.compute.architectures import dit

    return dit.build


def _hunyuan_dit() -> Builder:
    from core.compute.architectures import hunyuan_dit

    return hunyuan_dit.build


def _mmdit() -> Builder:
    from core.compute.architectures import mmdit

    return mmdit.build


def _cvt() -> Builder:
    from core.compute.architectures import cvt

    return cvt.build


def _controlnet() -> Builder:
    from core.compute.architectures import controlnet

    return controlnet.build


_DECODERS = """
    apertus arcee biogpt bitnet bloom codegen cohere cohere2 ctrl deepseek_v2 deepseek_v3 diffllama
    ernie4_5 ernie4_5_moe exaone4 falcon gemma gemma2 gemma3_text glm glm4 glm4_moe gpt2 gpt_bigcode
    gpt_neo gpt_neox gpt_neox_japanese gpt_oss gptj granite granitemoe helium hunyuan_v1_dense llama
    mistral mixtral mpt nemotron olmo olmo2 olmo3 olmoe openai-gpt opt persimmon phi phi3 phimoe
    qwen2 qwen2_moe qwen3 qwen3_moe seed_oss smollm3 stablelm starcoder2 xglm
"""
_ENCODERS = """
    albert bert camembert distilbert electra ernie esm layoutlm modernbert mpnet nomic_bert rembert
    roberta xlm-roberta xlm-roberta-xl
"""
_SEQ2SEQ = "bart blenderbot m2m_100 marian mbart mt5 pegasus t5 umt5 whisper"
_VISION = "beit deit dinov2 dinov2_with_registers dinov3_vit videomae vit vit_mae yolos"
_DUAL = """
    altclip chinese_clip clip clip_text_model clip_vision_model owlvit siglip siglip2 siglip2_text_model
    siglip2_vision_model siglip_text_model siglip_vision_model
"""
_MORE_ENCODERS = "big_bird convbert eurobert fnet longformer mra nystromformer roformer squeezebert"
_MULTIMODAL = """
    gemma3 idefics3 internvl lfm2_vl llava llava_next paligemma qwen2_5_vl qwen2_audio qwen2_vl qwen3_5 qwen3_5_moe
    qwen3_vl qwen3_vl_moe smolvlm voxtral
"""
_FAMILIES = (
    (_decoder, _DECODERS),
    (_encoder, _ENCODERS),
    (_seq2seq, _SEQ2SEQ),
    (_vision, _VISION),
    (_convnets, "bit convnext convnextv2 regnet resnet"),
    (_mobilenets, "efficientnet mobilenet_v1 mobilenet_v2 mobilevit"),
    (_pyramids, "poolformer pvt segformer"),
    (_vision_stages, "focalnet hiera levit"),
    (_depth, "depth_anything dpt"),
    (_detr, "detr"),
    (_unet, "UNet2DConditionModel UNet2DModel"),
    (_autoencoder, "AutoencoderKL"),
    (_dit, "DiTTransformer2DModel PixArtTransformer2DModel WanTransformer3DModel"),
    (_hunyuan_dit, "HunyuanDiT2DModel"),
    (_mmdit, "FluxTransformer2DModel QwenImageTransformer2DModel SD3Transformer2DModel"),
    (_cvt, "cvt"),
    (_controlnet, "ControlNetModel"),
    (_dual, _DUAL),
    (_sam, "sam"),
    (_swin, "swin swinv2"),
    (_vitdet, "vitdet"),
    (_more_encoders, _MORE_ENCODERS),
    (_more_seq2seq, "bigbird_pegasus led longt5 switch_transformers"),
    (_prophetnet, "prophetnet"),
    (_captions, "blip blip-2 fuyu git"),
    (_deepseek_v4, "deepseek_v4"),
    (_vilt, "vilt"),
    (_layoutlmv3, "layoutlmv3"),
    (_idefics, "idefics"),
    (_more_decoders, "deepseek_v32 llama4_text"),
    (_gemma4, "gemma4 gemma4_text"),
    (_mllama, "mllama"),
    (_multimodal, _MULTIMODAL),
    (_audio, "hubert wav2vec2 wavlm"),
    (_speech, "audio-spectrogram-transformer moonshine speech_to_text"),
    (_deberta, "deberta deberta-v2"),
    (_mobilebert, "mobilebert"),
    (_funnel, "funnel"),
    (_xlnet, "xlnet"),
    (_hybrid, "bamba falcon_mamba granitemoehybrid jamba lfm2 mamba mamba2 minimax recurrent_gemma"),
    (_delta, "qwen3_5_moe_text qwen3_5_text qwen3_next"),
    (_rwkv, "rwkv"),
    (_zamba, "zamba zamba2"),
)
_BY_TYPE: dict[str, Callable[[], Builder]] = {
    name: family for family, names in _FAMILIES for name in names.split()
}


def model_types() -> tuple[str, ...]:
    """Every model type the table knows."""
    return tuple(sorted(_BY_TYPE))


def knows(config: Mapping[str, object]) -> bool:
    """Is the model type of this configuration in the table?"""
    name = config.get("model_type") or config.get("_class_name")
    return isinstance(name, str) and name in _BY_TYPE


def build(
    config: Mapping[str, object], inputs: Inputs, *, model_class: str | None = None, part: str = "main"
) -> tuple[Block, Config]:
    """The layer table of `config` for a batch of `inputs`, and the configuration as read (with its notes).

    Raises BadConfig for an unknown type, class or part, and for values that make no model.
    """
    name = model_type(config)
    named = model_class or _named_class(config)
    reader = Config(config)
    try:
        return _BY_TYPE[name]()(Request(reader, inputs, named, part, name)), reader
    except UnknownClass:
        if model_class:
            raise
    # The file names a class of its own kind: the usual one of the type is counted, and that is said.
    reader = Config(config)
    made = _BY_TYPE[name]()(Request(reader, inputs, "", part, name))
    reader.notes.insert(0, note("class", model_class=named))
    return made, reader


def model_type(config: Mapping[str, object]) -> str:
    """The model type of a configuration, or the class name of a diffusers one. Raises BadConfig when unknown."""
    name = config.get("model_type") or config.get("_class_name")
    if name is None:
        raise refuse("no_type")
    if not isinstance(name, str) or name not in _BY_TYPE:
        raise refuse("unknown_type", model_type=name)
    return name


def _named_class(config: Mapping[str, object]) -> str:
    named = config.get("architectures")
    if isinstance(named, list | tuple) and named and isinstance(named[0], str):
        return named[0]
    return ""
