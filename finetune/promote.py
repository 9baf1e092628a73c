"""Into service only what is better than what is there: beyond noise, and no label falls by more than a margin.

What is there is the promoted model of that name; where none was promoted, the base as it came, with a head fitted to
the same training examples.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from finetune.examples import Example, ExampleError, check_known, read_examples
from finetune.intents.model import IntentModel
from finetune.significance import McNemar, mcnemar
from finetune.split_examples import stratified
from finetune.train.data import data_digest
from knowledge.encoder_install import install_encoder
from textkit.encoders import OnnxEncoder
from textkit.errors import FrontdeskError
from textkit.language import Language, detect_language
from textkit.promoted import promoted_name
from textkit.registry import MANIFEST, Registry, digest_of, read_manifest

CLASSIFIERS = ("intent", "sentiment")
SIGNIFICANCE = 0.05
MARGIN = 10.0  # points of recall
LEAST = 20  # test examples of a label; fewer cannot show a fall


@dataclasses.dataclass(frozen=True)
class Comparison:
    """The candidate beside what is in service, on the same test texts."""

    texts: int
    accuracy: float
    accuracy_in_service: float
    in_service: str
    test: McNemar  # first: the candidate
    falls: dict[str, float]  # labels that fall by more than the margin, with the points

    @property
    def better(self) -> bool:
        """Beyond noise, and for every label."""
        return not self.objections()

    def objections(self) -> list[str]:
        """Why the candidate should not go into service."""
        found = []
        figures = f"{self.accuracy:.1%} against {self.accuracy_in_service:.1%} of {self.in_service}"
        if self.test.only_first <= self.test.only_second:
            found.append(f"It is not better: {figures}.")
        elif self.test.p >= SIGNIFICANCE:
            found.append(f"It may be better by chance only: {figures} on {self.texts} texts (p = {self.test.p:.2f}).")
        if self.falls:
            worst = sorted(self.falls, key=lambda label: -self.falls[label])
            listed = ", ".join(f"{label} by {self.falls[label]:.0f} points" for label in worst[:3])
            more = f" and {len(worst) - 3} more" if len(worst) > 3 else ""
            found.append(f"Labels fall: {listed}{more}.")
        return found

    def figures(self) -> dict[str, Any]:
        """For the manifest and the history."""
        return {
            "texts": self.texts,
            "accuracy": round(self.accuracy, 4),
            "accuracy_in_service": round(self.accuracy_in_service, 4),
            "in_service": self.in_service,
            "p": round(self.test.p, 5),
        }


def default_name(folder: Path, examples: Sequence[Example]) -> str:
    """`intent-en` and its like: by the model's kind and what most of the texts are written in."""
    manifest = read_manifest(folder)
    chinese = sum(detect_language(e.text) == "zh" for e in examples) * 2 > len(examples)
    language: Language = "zh" if chinese else "en"
    if language not in manifest.get("languages", []):
        raise FrontdeskError(f"The model in {folder} does not read {language}, in which the test texts are written.")
    return promoted_name(manifest["kind"], language)


def compare(
    folder: Path, examples: Sequence[Example], name: str, margin: float = MARGIN, registry: Registry | None = None
) -> Comparison:
    """The model in `folder` beside what `name` has in service."""
    check_model(folder)
    candidate = IntentModel.load(folder, threads=2)
    check_known(examples, candidate.labels, "The test file")
    served, what = _in_service(folder, name, registry or Registry())
    texts = [e.text for e in examples]
    first = [a == e.label for a, e in zip(candidate.predict(texts), examples, strict=True)]
    second = [a == e.label for a, e in zip(served.predict(texts), examples, strict=True)]
    size = len(examples)
    falls = fallen([e.label for e in examples], first, second, margin)
    return Comparison(size, sum(first) / size, sum(second) / size, what, mcnemar(first, second), falls)


def fallen(labels: Sequence[str], new: Sequence[bool], old: Sequence[bool], margin: float) -> dict[str, float]:
    """Labels of which the new model gets fewer right by more than `margin` points."""
    rows: dict[str, list[int]] = defaultdict(list)
    for label, is_right, was_right in zip(labels, new, old, strict=True):
        rows[label].append(was_right - is_right)
    falls = {label: 100 * sum(lost) / len(lost) for label, lost in rows.items() if len(lost) >= LEAST}
    return {label: points for label, points in falls.items() if points > margin + 1e-9}


def promote(
    folder: Path, name: str, comparison: Comparison | None, reason: str, registry: Registry | None = None
) -> Path:
    """Put the model in `folder` into service as `name`, with the reason in its history; its folder in the registry."""
    check_model(folder)
    registry = registry or Registry()
    before = registry.find(name)
    figures = comparison.figures() if comparison else {}
    manifest = {**read_manifest(folder), "name": name, "promoted": {"reason": reason, **figures}}
    made = registry.publish(name, manifest, lambda draft: copy_files(folder, draft))
    if made != before:
        registry.record(name, before, reason, **figures)
    return made


def copy_files(source: Path, target: Path) -> None:
    """What a model in service needs: the files of its folder, without weights in full precision, logs, checkpoints."""
    for file in source.iterdir():
        if file.is_file() and file.name != MANIFEST:
            shutil.copyfile(file, target / file.name)


def check_model(folder: Path) -> None:
    """Refuse a folder that is no finished model, or one that was changed since."""
    manifest = read_manifest(folder)
    if manifest.get("digest") != digest_of(folder):
        raise FrontdeskError(f"The files in {folder} are not those that its manifest names.", "Train it again.")


def _in_service(folder: Path, name: str, registry: Registry) -> tuple[IntentModel, str]:
    found = registry.find(name)
    if found:
        return IntentModel.load(found, threads=2), f"{name} {found.name}"
    manifest = read_manifest(folder)
    train, dev = _its_examples(manifest)
    base = registry.find(manifest["base"]) or install_encoder(manifest["base"], registry)
    return IntentModel.fit(OnnxEncoder(base, threads=2), train, dev), f"the base as it came ({manifest['base']})"


def _its_examples(manifest: dict[str, Any]) -> tuple[list[Example], list[Example]]:
    about, data = manifest.get("about", {}), manifest["data"]
    try:
        train = read_examples(Path(about["train_file"]))
        dev = read_examples(Path(about["dev_file"])) if "dev_file" in about else None
    except (KeyError, ExampleError) as error:
        raise FrontdeskError(
            "Nothing is in service yet, and the examples that this model was trained on are not where they were "
            f"({about.get('train_file', 'not named')}), so there is nothing to compare it with.",
            'Put them back, or promote it with --force "why".',
        ) from error
    if dev is None:
        train, dev = stratified(train, manifest["settings"]["seed"])
    if data_digest([(e.text, e.label) for e in train]) != data["train_digest"]:
        raise FrontdeskError(
            f"{about['train_file']} has changed since this model was trained on it.",
            'Train again, or promote it with --force "why".',
        )
    return train, dev
