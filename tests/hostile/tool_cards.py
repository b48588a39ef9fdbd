# SPDX-License-Identifier: Apache-2.0
"""Model cards as training tools write them. SECRET stands in private places."""

import yaml

from tests.hostile.tool_settings import AXOLOTL, SECRET

SENTENCE_TRANSFORMERS_CARD = f"""---
tags:
- sentence-transformers
- dataset_size:64
- loss:MultipleNegativesRankingLoss
widget:
- source_sentence: {SECRET}
  sentences:
  - {SECRET} again
library_name: sentence-transformers
pipeline_tag: sentence-similarity
---
# SentenceTransformer
This is a [sentence-transformers](https://www.SBERT.net) model trained.
* Samples:
  | anchor | positive |
  | <code>{SECRET}</code> | <code>{SECRET}</code> |
### Training Hyperparameters
#### Non-Default Hyperparameters

- `num_train_epochs`: 2

#### All Hyperparameters
- `per_device_train_batch_size`: 8
- `num_train_epochs`: 2
- `max_steps`: -1
- `gradient_accumulation_steps`: 1
- `bf16`: False
- `hub_model_id`: {SECRET}
- `warmup_ratio`: 0.1

### Training Time
- **Training**: 1.5 minutes
"""
SETFIT_CARD = f"""---
library_name: setfit
widget:
- text: {SECRET}
---
# SetFit
This is a [SetFit](https://github.com/huggingface/setfit) model.
### Model Labels
| Label | Examples |
| 0 | <ul><li>'{SECRET}'</li></ul> |
### Training Hyperparameters
- batch_size: (16, 2)
- num_epochs: (1, 16)
- seed: 42
- run_name: {SECRET}

### Training Results
"""
SIMPLETUNER_CARD = f"""---
license: other
base_model: "black-forest-labs/FLUX.1-dev"
tags:
  - simpletuner
  - lora
---
# {SECRET}
The main validation prompt used during training was:
```
{SECRET}
```
## Validation settings
- CFG: `3.0`
- Prompt: {SECRET}

## Training settings

- Training epochs: 5
- Training steps: 1000
- Learning rate: 0.0001
- Effective batch size: 8
  - Micro-batch size: 2
  - Gradient accumulation steps: 4
  - Number of GPUs: 1
- Gradient checkpointing: True
- LoRA Rank: 16
- LoRA Alpha: 16

## Datasets

### {SECRET}
- Repeats: 10
"""
AXOLOTL_CARD = (
    "---\nlibrary_name: peft\nbase_model: NousResearch/Llama-3.2-1B\n---\n<details><summary>See axolotl config</summary>\n\n"
    f"axolotl version: `0.19.0`\n```yaml\n{yaml.safe_dump(AXOLOTL)}\n```\n\n</details>\n"
)
