"""One run of the Hugging Face Trainer: its arguments, what it keeps on disk, going on after a kill."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import EarlyStoppingCallback, PrinterCallback, Trainer, TrainerCallback, TrainingArguments
from transformers.trainer_callback import TrainerControl, TrainerState

from finetune.train.quiet import quiet
from finetune.train.sampling import GroupedSampler
from finetune.train.settings import TrainSettings
from textkit.errors import FrontdeskError

CHECKPOINTS = "checkpoints"
LOGS = "tensorboard"
RUN = "run.json"
WHOLE = ("model.safetensors", "optimizer.pt", "scheduler.pt", "trainer_state.json")
MOST_STEPS = 1000  # between two looks at the development examples
Report = Callable[[str], None]
Row = Mapping[str, Any]


def arguments(settings: TrainSettings, folder: Path, steps: int, metric: str, **others: Any) -> dict[str, Any]:
    """Arguments for any of the trainers; `steps` are those of one epoch, `metric` is what is the better the higher."""
    looks = max(1, min(steps, MOST_STEPS))
    if settings.tensorboard:
        os.environ["TENSORBOARD_LOGGING_DIR"] = str(folder / LOGS)
    return {
        "output_dir": str(folder / CHECKPOINTS),
        "num_train_epochs": settings.epochs,
        "per_device_train_batch_size": settings.batch,
        "per_device_eval_batch_size": 128,
        "gradient_accumulation_steps": settings.accumulate,
        "learning_rate": settings.learning_rate,
        "weight_decay": settings.weight_decay,
        "warmup_steps": settings.warm_up,
        "lr_scheduler_type": "cosine",
        "bf16": half_precision(),
        "use_cpu": not torch.cuda.is_available(),
        "eval_strategy": "steps",
        "eval_steps": looks,
        "save_strategy": "steps",
        "save_steps": looks,
        "save_total_limit": 2,
        "load_best_model_at_end": True,
        "metric_for_best_model": metric,
        "greater_is_better": True,
        "logging_steps": max(1, min(50, steps)),
        "report_to": ["tensorboard"] if settings.tensorboard else [],
        "seed": settings.seed,
        "data_seed": settings.seed,
        "dataloader_pin_memory": torch.cuda.is_available(),
        "disable_tqdm": not os.isatty(2),
        **others,
    }


def half_precision() -> bool:
    """Whether bfloat16 is faster here: on GPUs that know it, and on processors with instructions for it."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


class ClassifierTrainer(Trainer):
    """The Trainer with batches in which labels meet, and smaller steps for lower layers."""

    optimizer: Any

    def __init__(self, settings: TrainSettings, **options: Any) -> None:
        super().__init__(**options)
        self._settings = settings

    def _get_train_sampler(self, train_dataset: Any = None) -> GroupedSampler:
        rows = self.train_dataset if train_dataset is None else train_dataset
        return GroupedSampler(
            [row["labels"] for row in rows],
            [len(row["input_ids"]) for row in rows],
            together=self._settings.together or 1,
            batch=self.args.train_batch_size,
            seed=self._settings.seed,
            epoch=lambda: int((self.state.epoch or 0) + 1e-6),
        )

    def create_optimizer(self, model: Any = None) -> Any:
        """AdamW; the word pieces' own vectors stay as they are, each layer learns slower than that above it."""
        if self.optimizer is None:
            network = self.model if model is None else model
            kind, options = self.get_optimizer_cls_and_kwargs(self.args, network)
            rate = options.pop("lr")
            groups = layer_groups(network, rate, self._settings.layer_decay or 1.0, self.args.weight_decay)
            self.optimizer = kind(groups, lr=rate, **options)
        return self.optimizer


def layer_groups(network: Any, rate: float, decay: float, weight_decay: float) -> list[dict[str, Any]]:
    """The parameters by depth and by whether they decay; the head has the full rate and more."""
    count = int(getattr(network.encoder.config, "num_hidden_layers", 0))
    groups: dict[tuple[int, bool], list[Any]] = {}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        depth = _depth(name, count)
        groups.setdefault((depth, parameter.ndim > 1), []).append(parameter)
    return [
        {
            "params": parameters,
            "lr": rate * (10 if depth > count else decay ** max(0, count - depth)),
            "weight_decay": weight_decay if decays else 0.0,
        }
        for (depth, decays), parameters in sorted(groups.items())
    ]


def _depth(name: str, count: int) -> int:
    """0 for the embeddings, 1 to `count` for the layers, one more for the head."""
    parts = name.split(".")
    if not parts[0].startswith("encoder"):
        return count + 1
    numbers = [int(part) for part in parts if part.isdecimal()]
    return numbers[0] + 1 if numbers else 0


class Told(TrainerCallback):
    """Says a line at every look at the development examples."""

    def __init__(self, report: Report, metric: str) -> None:
        self._report, self._metric = report, f"eval_{metric}"

    def on_evaluate(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        metrics: dict[str, float] | None = None,
        **others: Any,
    ) -> None:
        """See TrainerCallback."""
        if state.is_world_process_zero and metrics and self._metric in metrics:
            epoch = f"epoch {state.epoch:.1f} of {args.num_train_epochs:g}"
            self._report(f"{epoch}: {self._metric.removeprefix('eval_')} {metrics[self._metric]:.4f}")


def callbacks(settings: TrainSettings, report: Report, metric: str) -> list[TrainerCallback]:
    """Early stopping, and a line for every look."""
    return [EarlyStoppingCallback(settings.patience), Told(report, metric)]


def world_size() -> int:
    """How many processes train together (`accelerate launch`)."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_first() -> bool:
    """Whether this is the process that writes and speaks."""
    return int(os.environ.get("RANK", "0")) == 0


def prepare_folder(folder: Path, settings: TrainSettings, described: Mapping[str, Any]) -> str | None:
    """Make the folder of a run; the checkpoint to go on from with `--resume`, None where it begins.

    Refuses to go on with other data or settings, and to begin where another run stands.
    """
    run, checkpoints = folder / CHECKPOINTS / RUN, folder / CHECKPOINTS
    kept = {key: value for key, value in described.items() if key not in ("resume", "tensorboard")}
    if (folder / "manifest.json").is_file():
        raise FrontdeskError(f"There is a model in {folder} already.", "Name another folder with --out.")
    if settings.resume:
        if not run.is_file():
            raise FrontdeskError(f"There is no training to go on with in {folder}.", "Leave --resume out to begin.")
        before = json.loads(run.read_text(encoding="utf-8"))
        changed = sorted(key for key in {*before, *kept} if before.get(key) != kept.get(key))
        if changed:
            raise FrontdeskError(
                f"The training in {folder} was begun with other {', '.join(changed)}.",
                "Resume with what it was begun with, or name another folder with --out.",
            )
        return last_checkpoint(checkpoints)
    if run.is_file() and is_first():
        raise FrontdeskError(
            f"A training in {folder} was not finished.", "Go on with --resume, or name another folder with --out."
        )
    checkpoints.mkdir(parents=True, exist_ok=True)
    run.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
    return None


def last_checkpoint(folder: Path) -> str | None:
    """The newest checkpoint that was written to its end; a half-written one is taken away."""
    found = sorted(folder.glob("checkpoint-*"), key=lambda p: int(p.name.split("-")[1]))
    for checkpoint in reversed(found):
        if all((checkpoint / name).is_file() for name in WHOLE) and _is_json(checkpoint / "trainer_state.json"):
            return str(checkpoint)
        shutil.rmtree(checkpoint)
    return None


def _is_json(file: Path) -> bool:
    try:
        json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return True


def finish_folder(folder: Path) -> None:
    """Take the checkpoints away: the model is written."""
    shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)


def accuracy(predicted: Any) -> dict[str, float]:
    """The metric of classifiers."""
    logits, labels = predicted.predictions, predicted.label_ids
    return {"accuracy": float((np.asarray(logits).argmax(axis=-1) == np.asarray(labels)).mean())}


def train_with(
    trainer: Trainer, checkpoint: str | None, folder: Path, command: str = "the same command with --resume"
) -> None:
    """Run it; Ctrl-C says how to go on."""
    trainer.remove_callback(PrinterCallback)
    try:
        with quiet():
            trainer.train(resume_from_checkpoint=checkpoint)
    except KeyboardInterrupt:
        raise FrontdeskError(f"Stopped; what is learned so far is kept in {folder}.", f"Go on: {command}.") from None
