# SPDX-License-Identifier: Apache-2.0
"""Makes resources/examples/tiny-llama-lora: a real LoRA fine-tune by transformers and PEFT, on a CPU, in a minute.

Run it by `make example ARGS=--rebuild`, which gives it its own environment. The operations of every training step
are measured with PyTorch's FlopCounterMode and written, with the exact counts, to tests/fixtures/example_truth.json.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ |= {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TOKENIZERS_PARALLELISM": "false"}

import torch
from datasets import Dataset
from huggingface_hub import ModelCard, ModelCardData
from peft import LoraConfig, get_peft_model
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch.utils.flop_counter import FlopCounterMode
from transformers import (
    AutoModelForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    Trainer,
    TrainingArguments,
    default_data_collator,
    set_seed,
)

ROOT = Path(__file__).resolve().parent.parent
NAME = "tiny-llama-lora"
FOLDER = ROOT / "resources" / "examples" / NAME
TRUTH = ROOT / "tests" / "fixtures" / "example_truth.json"
BASE = (
    "base-model"  # recorded as base_model_name_or_path, so it must stay a plain name: no path of this machine
)
SEED = 20261123
SEQUENCE = 64  # tokens
SEQUENCES = 96
# Needed to go on training, not to weigh what was trained; two thirds of the size.
LEFT_OUT = ("optimizer.pt", "scheduler.pt", "rng_state.pth")
BASE_WEIGHTS = f"{BASE}/model.safetensors"
"""Left out too: config.json tells their number."""


class MeasuredTrainer(Trainer):
    """The Trainer as it is, with the operations of each micro-step counted beside it."""

    measured: int = 0
    micro_steps: int = 0

    def training_step(self, *arguments: Any, **named: Any) -> torch.Tensor:
        """One forward and backward pass, counted."""
        with FlopCounterMode(display=False) as counter:
            loss = super().training_step(*arguments, **named)
        self.measured += counter.get_total_flops()
        self.micro_steps += 1
        return loss


def corpus() -> list[str]:
    """Sentences made here from small word lists. They say nothing about anybody; CC0-1.0."""
    choose = random.Random(SEED)  # noqa: S311 - not for secrets
    what = ["lorry", "barge", "wagon", "crate", "barrel", "sack", "trailer", "parcel"]
    load = ["grain", "gravel", "timber", "coal", "salt", "apples", "bricks", "sand"]
    where = ["at the gate", "on the bridge", "by the river", "in the yard", "before noon", "after the rain"]
    verdict = ["within the limit", "just over the line", "far below the line", "at the line exactly"]
    return [
        f"The {choose.choice(what)} of {choose.choice(load)} was weighed {choose.choice(where)}: "
        f"{choose.randint(1, 44)}.{choose.randint(0, 9)} tonnes, {choose.choice(verdict)}."
        for _ in range(600)
    ]


def make_tokenizer(texts: list[str]) -> PreTrainedTokenizerFast:
    """A byte-level BPE of 384 tokens, trained on the corpus."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=384,
        special_tokens=["<s>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="</s>", model_max_length=256
    )


def make_base(tokenizer: PreTrainedTokenizerFast) -> None:
    """A Llama with random weights, saved as bfloat16 as large ones are."""
    config = LlamaConfig(
        vocab_size=384,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=256,
        tie_word_embeddings=False,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        for weight in model.parameters():
            if (
                weight.dim() > 1
            ):  # as large as the usual start makes them, and by their signs alone so easy to pack
                weight.copy_(torch.sign(weight) * config.initializer_range)
    model.to(torch.bfloat16).save_pretrained(BASE)
    tokenizer.save_pretrained(BASE)
    data = ModelCardData(
        language="en", license="apache-2.0", library_name="transformers", tags=["random-weights"]
    )
    text = f"---\n{data.to_yaml()}\n---\n\n# {BASE}\n\nA tiny Llama with random weights, made as the base of an example.\n"
    ModelCard(text).save(Path(BASE, "README.md"))


def make_data(tokenizer: PreTrainedTokenizerFast, texts: list[str]) -> Dataset:
    """The corpus as full blocks of SEQUENCE tokens: nothing is padding."""
    tokens = tokenizer("</s>".join(texts))["input_ids"]
    if len(tokens) < SEQUENCE * SEQUENCES:
        raise SystemExit(f"the corpus is too short: {len(tokens)} tokens")
    blocks = [tokens[i * SEQUENCE : (i + 1) * SEQUENCE] for i in range(SEQUENCES)]
    return Dataset.from_dict({"input_ids": blocks, "labels": blocks})


def train(tokenizer: PreTrainedTokenizerFast, data: Dataset) -> MeasuredTrainer:
    """The fine-tune: LoRA on the attention projections, two epochs; saves everything a Trainer run leaves."""
    model = AutoModelForCausalLM.from_pretrained(BASE, attn_implementation="eager")
    targets = ["q_proj", "k_proj", "v_proj", "o_proj"]
    lora = LoraConfig(r=8, lora_alpha=16, lora_dropout=0.05, target_modules=targets, task_type="CAUSAL_LM")
    arguments = TrainingArguments(
        output_dir=".",
        run_name=NAME,
        per_device_train_batch_size=4,
        gradient_accumulation_steps=2,
        num_train_epochs=2,
        learning_rate=1e-3,
        logging_steps=4,
        save_strategy="epoch",
        save_total_limit=1,
        include_num_input_tokens_seen="all",
        report_to="none",
        use_cpu=True,
        seed=SEED,
        data_seed=SEED,
    )
    trainer = MeasuredTrainer(
        model=get_peft_model(model, lora),
        args=arguments,
        train_dataset=data,
        processing_class=tokenizer,
        data_collator=default_data_collator,
    )
    result = trainer.train()
    trainer.save_model()
    trainer.save_state()
    trainer.log_metrics("train", result.metrics)
    trainer.save_metrics("train", result.metrics)
    trainer.create_model_card(
        language="en",
        license="apache-2.0",
        model_name=NAME,
        dataset="weighbridge sentences",
        tasks="text-generation",
    )
    return trainer


def truth(trainer: MeasuredTrainer) -> dict[str, Any]:
    """What is true of the run: exact counts, and FLOP (multiply and add = 2) as PyTorch executed them."""
    parameters = list(trainer.model.parameters())
    return {
        "params_total": sum(p.numel() for p in parameters),
        "params_trainable": sum(p.numel() for p in parameters if p.requires_grad),
        "params_base": sum(p.numel() for n, p in trainer.model.named_parameters() if "lora_" not in n),
        "steps": trainer.state.global_step,
        "micro_steps": trainer.micro_steps,
        "batch": trainer.args.per_device_train_batch_size,
        "accumulation": trainer.args.gradient_accumulation_steps,
        "epochs": 2,
        "sequence": SEQUENCE,
        "samples_seen": SEQUENCES * 2,
        "tokens": SEQUENCES * 2 * SEQUENCE,
        "flops_measured": trainer.measured,
        "total_flos_recorded": int(trainer.state.total_flos),
        "versions": {n: version(n) for n in ("torch", "transformers", "peft", "accelerate", "tokenizers")},
    }


def main() -> None:
    """Make the folder beside, check it, put it in place."""
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch) / NAME
        work.mkdir()
        os.chdir(work)
        set_seed(SEED)
        texts = corpus()
        tokenizer = make_tokenizer(texts)
        make_base(tokenizer)
        facts = truth(train(tokenizer, make_data(tokenizer, texts)))
        for unwanted in LEFT_OUT:
            for file in work.rglob(unwanted):
                file.unlink()
        Path(BASE_WEIGHTS).unlink()
        refuse_private_words(work)
        os.chdir(ROOT)
        shutil.rmtree(FOLDER, ignore_errors=True)
        shutil.copytree(work, FOLDER)
    TRUTH.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    size = sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file())
    print(json.dumps(facts, indent=1), f"\n{FOLDER}: {size / 1000:.0f} kB")


def refuse_private_words(folder: Path) -> None:
    """Stop if a file names this machine, its user's home or the scratch folder."""
    private = [str(Path.home()), str(ROOT), str(folder.parent), os.uname().nodename]
    words = [word.encode() for word in private if len(word) > 3]
    for file in folder.rglob("*"):
        found = [word for word in words if file.is_file() and word in file.read_bytes()]
        if found:
            sys.exit(f"{file} holds {found}")


if __name__ == "__main__":
    main()
