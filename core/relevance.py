# SPDX-License-Identifier: Apache-2.0
"""When a question matters: each test says whether an answer could change anything for this release."""

from collections.abc import Callable

from core.domain.assessment import Assessment
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.domain.training_method import RANKED

Relevant = Callable[[Known, Assessment | None], bool]


def always(_known: Known, _assessment: Assessment | None) -> bool:
    return True


def origin(known: Known) -> str | None:
    fact = known.text("origin")
    if fact is not None:
        return fact.value
    if (
        known.get("base_model")
        or known.found(FoundOnly.ADAPTER_CONFIG)
        or known.get(FoundOnly.BASE_PATH_NAME)
    ):
        return "fine_tune"
    return None


def has_base(known: Known, _assessment: Assessment | None) -> bool:
    return origin(known) in ("fine_tune", "continued_pretraining", "merge", "conversion")


def base_is_unknown(known: Known, assessment: Assessment | None) -> bool:
    """A base model whose compute no table and no answer gives yet."""
    if not has_base(known, assessment):
        return False
    own_words = known.said("base_parameters") or known.said("base_tokens") or known.said("base_flop")
    return own_words or assessment is None or assessment.footprint.accounts.base is None


def base_folder_helps(known: Known, assessment: Assessment | None) -> bool:
    """Where a path stands for the base, its folder tells the size; its id on the Hub may tell it too."""
    has_name = known.get(FoundOnly.BASE_PATH_NAME) is not None
    tells_more = size_unknown(known, assessment) and known.found(FoundOnly.BASE_CONFIG) is None
    return known.said("base_folder") or (has_name and tells_more)


def size_unknown(known: Known, assessment: Assessment | None) -> bool:
    """Neither a file nor the row of the base tells how large the model is."""
    return known.said("parameters_total") or assessment is None or assessment.footprint.parameters is None


def trained_part_unknown(known: Known, assessment: Assessment | None) -> bool:
    """An adapter whose size no file tells."""
    if not is_adapter(known, assessment):
        return False
    count = None if assessment is None else assessment.footprint.parameters
    return known.said("parameters_trainable") or count is None or count.trainable is None


def devices_unknown(known: Known, _assessment: Assessment | None) -> bool:
    """The log did not tell how many devices trained together."""
    found = known.found("world_size") is not None and not known.said("device_count")
    return known.get("hardware") is not None and not found


def data_untold(known: Known, assessment: Assessment | None) -> bool:
    """Names of data sets tell readers where to look; without any, a few sentences must."""
    return trained(known, assessment) and (known.said("data_summary") or not known.strings("datasets"))


def output_open(known: Known, _assessment: Assessment | None) -> bool:
    """The task already tells what comes out, unless it is unknown or none of the usual ones: so the task is asked first."""
    task = known.text("pipeline_tag")
    if known.said("output_modalities"):
        return True
    return known.dont_know("pipeline_tag") if task is None else task.value in ("any-to-any", "other")


def trained(known: Known, _assessment: Assessment | None) -> bool:
    return origin(known) not in ("merge", "conversion")


def asks_method(known: Known, assessment: Assessment | None) -> bool:
    """A model from nothing has no base to leave as it is: all of it was trained."""
    said = known.said("training_method")
    return said or (trained(known, assessment) and origin(known) != "from_scratch")


def _unweighed(assessment: Assessment | None) -> bool:
    """Nothing gives a figure for the own training yet, whatever the files recorded."""
    return assessment is not None and assessment.footprint.accounts.own is None


def _by_samples(assessment: Assessment | None) -> bool:
    return assessment is not None and assessment.footprint.by_samples


def samples_missing(known: Known, assessment: Assessment | None) -> bool:
    """Pictures and sound are counted by the number of them; nobody knows their tokens."""
    if known.said("samples"):
        return True
    return trained(known, assessment) and _by_samples(assessment) and _unweighed(assessment)


def tokens_missing(known: Known, assessment: Assessment | None) -> bool:
    if not trained(known, assessment) or known.said("tokens"):
        return known.said("tokens")
    if _by_samples(assessment):
        return False
    if _unweighed(assessment):
        return True  # also where a file has a figure that could not be used
    if known.said("hours"):
        return False
    recorded = known.found(FoundOnly.TOKENS_RECORDED) or known.found(FoundOnly.RECORDED_FLOS)
    counted = (known.get("samples") or (known.get("steps") and known.get("global_batch"))) and known.get(
        "sequence_length"
    )
    return not (recorded or counted)


def stages_help(known: Known, assessment: Assessment | None) -> bool:
    """No file tells one whole run, or files tell several: then a person may have to add stages."""
    if not trained(known, assessment):
        return False
    told = known.found("steps") or known.found(FoundOnly.RECORDED_FLOS)
    return known.said("stages") or known.found(FoundOnly.BASE_RUNS) is not None or told is None


def length_missing(known: Known, assessment: Assessment | None) -> bool:
    """Examples times their length; a picture has none."""
    counted = known.get("samples") or known.get("steps")
    tokens = known.get("tokens") or known.found(FoundOnly.TOKENS_RECORDED)
    recorded = known.found(FoundOnly.RECORDED_FLOS) is not None and not known.said("sequence_length")
    return (
        trained(known, assessment) and bool(counted) and not (tokens or recorded or _by_samples(assessment))
    )


def is_adapter(known: Known, _assessment: Assessment | None) -> bool:
    method = known.text("training_method")
    return method is not None and method.value in RANKED


def energy_known(known: Known, assessment: Assessment | None) -> bool:
    """The power's CO2 can only be told of an amount of energy."""
    told = assessment is not None and assessment.footprint.energy is not None
    return told or known.said("grid_g_per_kwh")


def licence_is_other(known: Known, _assessment: Assessment | None) -> bool:
    fact = known.text("license")
    return fact is not None and fact.value == "other"


_NEAR = 20
"""A line counts as near when twenty times the model's compute would reach it."""


def near_any_line(known: Known, assessment: Assessment | None) -> bool:
    """Whether a compute line in force is near: only then do the finer questions change anything.

    Lines on the sum count for a model from scratch: who changes another's model is measured by the own training.
    """
    if assessment is None:
        return False
    accounts = ("direct", "cumulative") if origin(known) in (None, "from_scratch") else ("direct",)
    return any(
        line.model_value is not None and line.model_value * _NEAR >= line.value
        for line in assessment.lines
        if line.in_force and line.account in accounts
    )


def near_frontier(_known: Known, assessment: Assessment | None) -> bool:
    """Whether the sum with the base model comes near the frontier line of California and New York."""
    total = None if assessment is None else assessment.footprint.accounts.cumulative
    return total is not None and total.high * 2 >= 10**26


_BY_TASK = {
    "text-to-image": "image",
    "image-to-image": "image",
    "text-to-video": "video",
    "image-to-video": "video",
    "text-to-speech": "audio",
    "text-to-audio": "audio",
}


def makes(known: Known) -> set[str]:
    task = known.text("pipeline_tag")
    by_task = _BY_TASK.get(task.value) if task is not None else None
    return {*known.strings("output_modalities"), *({by_task} if by_task else set())}


def makes_media(known: Known, _assessment: Assessment | None) -> bool:
    """Only images, sound or video can copy a person's face or voice."""
    return bool(makes(known) & {"image", "audio", "video"})


def makes_pictures(known: Known, _assessment: Assessment | None) -> bool:
    return bool(makes(known) & {"image", "video"})


def form(known: Known) -> str | None:
    fact = known.text("release_form")
    return None if fact is None else fact.value


def may_have_demo(known: Known, _assessment: Assessment | None) -> bool:
    """Weights may come with a demo; an app or API is one; a private model has none that the public sees."""
    return form(known) in ("open_weights", "gated")


def is_service(known: Known, _assessment: Assessment | None) -> bool:
    demo = known.flag("with_demo")
    return form(known) == "api_or_app" or (demo is not None and demo.value)


def serves_content(known: Known, assessment: Assessment | None) -> bool:
    """A service that makes something new: what only sorts or finds is under no law on such services."""
    task, kinds = known.text("pipeline_tag"), known.strings("output_modalities")
    sorts = task is not None and "classification" in task.value
    only_sorts = set(kinds) == {"label"} or (sorts and not kinds)
    return is_service(known, assessment) and not only_sorts


def money_matters(known: Known, assessment: Assessment | None) -> bool:
    return near_any_line(known, assessment) or is_service(known, assessment)


def judges_people(known: Known, _assessment: Assessment | None) -> bool:
    """A model that sorts or scores may be made to decide about people."""
    task = known.text("pipeline_tag")
    sorts = task is not None and "classification" in task.value
    return sorts or "label" in known.strings("output_modalities")


def reach_is_open(known: Known, _assessment: Assessment | None) -> bool:
    """A public hub reaches everyone; a gate, an app or an unknown way may not."""
    return form(known) not in ("open_weights", "private")
