"""Public sets of labelled texts in the form in which they are published; nothing of them is part of this project."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import lzma
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from finetune.examples import Example
from finetune.split_examples import stratified
from textkit.errors import FrontdeskError
from textkit.language import Language

SEED = 0


@dataclasses.dataclass(frozen=True)
class LabelledSet:
    """Texts to learn from, to choose by and to measure on; what is measured on is read when it is asked for."""

    name: str
    language: Language
    train: Sequence[Example]
    dev: Sequence[Example]
    test: Callable[[], Sequence[Example]]
    dev_from_train: bool = False  # the set has none of its own: a tenth of each label's examples was held out
    outside_dev: Sequence[str] = ()
    outside_test: Callable[[], Sequence[str]] = tuple
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Source:
    """Where a set's public copy lives, and who reads it."""

    home: str
    read: Callable[[Path], LabelledSet]


def read_set(name: str, data: Path) -> LabelledSet:
    """The set `name` from its folder under `data`; raises FrontdeskError naming the file that is missing."""
    if name not in SETS:
        raise FrontdeskError(f"--set must be one of {', '.join(SETS)}, got {name!r}.")
    return SETS[name].read(data / name)


def banking77(folder: Path) -> LabelledSet:
    """77 intents of a bank's customers; without development examples of its own."""

    def read(split: str) -> list[Example]:
        file = folder / "banking_data" / f"{split}.csv"
        return [Example(row["text"].strip(), row["category"]) for row in table(file, "banking77")]

    train, dev = stratified(read("train"), SEED)
    return LabelledSet("banking77", "en", train, dev, lambda: read("test"), dev_from_train=True)


def clinc150(folder: Path) -> LabelledSet:
    """150 intents, and texts of none; those that are published for training and validation choose the detector."""
    file = folder / "data" / "data_full.json"
    rows = json.loads(text_of(file, "clinc150"))

    def inside(split: str) -> list[Example]:
        return [Example(text, label) for text, label in rows[split]]

    def outside(*splits: str) -> list[str]:
        return [text for split in splits for text, _ in rows[split]]

    return LabelledSet(
        "clinc150",
        "en",
        inside("train"),
        inside("val"),
        lambda: inside("test"),
        outside_dev=outside("oos_train", "oos_val"),
        outside_test=lambda: outside("oos_test"),
        note="data_full.json; oos_train and oos_val (100 texts each) are what is outside for choosing.",
    )


def massive_en(folder: Path) -> LabelledSet:
    """60 intents of a voice assistant, English."""

    def read(split: str) -> list[Example]:
        lines = text_of(folder / "data" / f"{split}.jsonl", "massive_en").splitlines()
        return [Example(row["text"].strip(), row["label_text"]) for row in map(json.loads, lines)]

    return LabelledSet("massive_en", "en", read("train"), read("validation"), lambda: read("test"))


def massive_zh(folder: Path) -> LabelledSet:
    """The same in Chinese."""

    def read(split: str) -> list[Example]:
        file = folder / "testdata" / f"amazon_massive_intent_zh-CN_{split}.csv"
        return [Example(row["text"].strip(), row["label_text"]) for row in table(file, "massive_zh")]

    return LabelledSet("massive_zh", "zh", read("train"), read("validation"), lambda: read("test"))


def bitext8k(folder: Path) -> LabelledSet:
    """27 intents of customer support, made from templates: a smoke test."""
    names = {"train": "Training", "dev": "Validation", "test": "Testing"}

    def read(split: str) -> list[Example]:
        file = folder / "data" / split / f"Bitext_Sample_Customer_Service_{names[split]}_Dataset.csv"
        return [Example(row["utterance"].strip(), row["intent"]) for row in table(file, "bitext8k")]

    return LabelledSet("bitext8k", "en", read("train"), read("dev"), lambda: read("test"))


def airline_tweets(folder: Path) -> LabelledSet:
    """Customers' tweets to airlines: negative, neutral, positive."""
    rows = table(folder / "tweets.csv", "airline_tweets")
    return _own_splits("airline_tweets", "en", [Example(row["text"].strip(), row["label"]) for row in rows])


def zh_reviews(folder: Path) -> LabelledSet:
    """Chinese reviews of shops and deliveries: negative, positive."""
    shops = table(folder / "online_shopping_10_cats.csv.xz", "zh_reviews")
    meals = table(folder / "waimai_10k.csv", "zh_reviews")
    names = {"0": "negative", "1": "positive"}
    examples = [Example((row["review"] or "").strip(), names[row["label"]]) for row in (*shops, *meals)]
    return _own_splits("zh_reviews", "zh", examples)


def vira(folder: Path) -> LabelledSet:
    """222 FAQs about vaccines, each a label of its own; what is published as validation is measured on."""
    faqs, asked = vira_questions(folder, "train")
    train, dev = stratified([Example(text, faqs[place]) for text, place in asked], SEED)

    def test() -> list[Example]:
        return [Example(text, faqs[place]) for text, place in vira_questions(folder)[1]]

    return LabelledSet("vira", "en", train, dev, test, dev_from_train=True, note="Measured on its validation.")


def vira_questions(folder: Path, split: str = "validation") -> tuple[list[str], list[tuple[str, int]]]:
    """The FAQs, and the questions of a split with the number of their FAQ.

    Many labels are written in another way than their FAQ: case, quotation marks, white space, the mark at the end.
    """
    source = folder / "intent_dataset"
    faqs = [row["intent"].strip() for row in table(source / "intents.csv", "vira")]
    places = {normal(faq): n for n, faq in enumerate(faqs)}
    asked = []
    for row in table(source / f"{split}.csv", "vira"):
        if normal(row["label"]) not in places:
            raise FrontdeskError(f"{split}.csv has the label {row['label']!r}, which is no FAQ of intents.csv.")
        asked.append((row["sentence"].strip(), places[normal(row["label"])]))
    return faqs, asked


_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\ufeff": " ", "\xa0": " "})  # noqa: RUF001


def normal(label: str) -> str:
    """The same for every spelling of one label."""
    plain = re.sub(r"\s+", " ", label.translate(_QUOTES).casefold()).strip()
    return re.sub(r"\s*[.?!]+$", "", plain)


SETS = {
    "banking77": Source("github.com/PolyAI-LDN/task-specific-datasets", banking77),
    "clinc150": Source("github.com/clinc/oos-eval", clinc150),
    "massive_en": Source("github.com/alexa/massive, en-US as data/{train,validation,test}.jsonl", massive_en),
    "massive_zh": Source("github.com/alexa/massive, zh-CN as testdata/amazon_massive_intent_zh-CN_*.csv", massive_zh),
    "airline_tweets": Source("Twitter US Airline Sentiment, as tweets.csv with text,label", airline_tweets),
    "zh_reviews": Source("github.com/SophonPlus/ChineseNlpCorpus", zh_reviews),
    "bitext8k": Source("github.com/bitext/customer-support-intent-detection-training-dataset", bitext8k),
    "vira": Source("github.com/IBM/vira-intent-classification", vira),
}


def _own_splits(name: str, language: Language, examples: Sequence[Example]) -> LabelledSet:
    """Seven tenths, one and two of each label's distinct texts; the first copy of a text counts."""
    distinct: dict[str, Example] = {}
    for example in examples:
        if example.text:
            distinct.setdefault(folded(example.text), example)
    rest, test = stratified(list(distinct.values()), SEED, 0.2)
    train, dev = stratified(rest, SEED, 0.125)
    note = f"Own splits, seed {SEED}: of {len(distinct)} distinct texts 70 / 10 / 20 % of each label."
    return LabelledSet(name, language, train, dev, lambda: test, note=note)


def folded(text: str) -> str:
    """For finding the same text again."""
    return " ".join(text.casefold().split())


def some_of(examples: Sequence[Example], limit: int, seed: int = SEED) -> list[Example]:
    """At most `limit` of them, drawn by `seed`."""
    if len(examples) <= limit:
        return list(examples)
    return [examples[n] for n in np.sort(np.random.default_rng(seed).choice(len(examples), limit, replace=False))]


def shots_of(examples: Sequence[Example], shots: int, seed: int) -> list[Example]:
    """`shots` examples of each label, drawn by `seed`; all of a label that has no more."""
    pick = np.random.default_rng(seed)
    labels = np.array([e.label for e in examples])
    chosen = [pick.permutation(np.flatnonzero(labels == name))[:shots] for name in np.unique(labels)]
    return [examples[n] for n in np.sort(np.concatenate(chosen))]


def table(file: Path, name: str) -> Iterator[dict[str, Any]]:
    """The rows of a CSV file of the set `name`."""
    return csv.DictReader(io.StringIO(text_of(file, name)))


def text_of(file: Path, name: str) -> str:
    """The content of a file of the set `name`; raises FrontdeskError saying where it lives."""
    if not file.is_file():
        home = SETS[name].home
        raise FrontdeskError(f"{file} does not exist.", f"--data names the folder above {name}/; public copy: {home}.")
    raw = lzma.decompress(file.read_bytes()) if file.suffix == ".xz" else file.read_bytes()
    return raw.decode("utf-8-sig")
