"""`frontdesk bench intent` and `bench faq`: trained models on public sets or on files of your own."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textkit.errors import FrontdeskError

if TYPE_CHECKING:
    from collections.abc import Callable

    from finetune.benchmarks.intents import Plan, Train
    from finetune.benchmarks.sets import LabelledSet
    from textkit.encoders import RememberingEncoder

THREADS = 2
BASES = {"en": "sentence-transformers/all-MiniLM-L6-v2", "zh": "intfloat/multilingual-e5-small"}
PUBLIC = (
    "banking77 (github.com/PolyAI-LDN/task-specific-datasets), clinc150 (github.com/clinc/oos-eval), massive_en and "
    "massive_zh (github.com/alexa/massive), airline_tweets (Twitter US Airline Sentiment), zh_reviews "
    "(github.com/SophonPlus/ChineseNlpCorpus), bitext8k (github.com/bitext), vira "
    "(github.com/IBM/vira-intent-classification)"
)
Json = Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")]


def intent(
    train: Annotated[Path | None, typer.Option(help="CSV or JSONL with text,label to learn from.")] = None,
    test: Annotated[Path | None, typer.Option(help="The same to measure on; read last.")] = None,
    dev: Annotated[Path | None, typer.Option(help="To choose by; a seeded tenth of --train without it.")] = None,
    oos: Annotated[Path | None, typer.Option(help="Texts of no intent, to measure on.")] = None,
    oos_dev: Annotated[Path | None, typer.Option(help="Texts of no intent, to choose by.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder above the named sets.")] = None,
    name: Annotated[str, typer.Option("--set", help=f"A public set: {PUBLIC}.")] = "",
    base: Annotated[str, typer.Option(help="The encoder; for Chinese texts multilingual-e5-small by default.")] = "",
    shots: Annotated[int | None, typer.Option(help="So many examples of each label; all by default.")] = None,
    seeds: Annotated[int, typer.Option(help="So many draws or trainings; mean and standard deviation.")] = 1,
    only: Annotated[str, typer.Option(help="frozen or finetuned; both by default.")] = "",
    model: Annotated[Path | None, typer.Option(help="A fine-tuned model's folder, measured without training.")] = None,
    split: Annotated[str, typer.Option(help="test, or dev: the test texts are not read.")] = "test",
    limit: Annotated[int | None, typer.Option(help="At most so many examples to learn from, drawn by a seed.")] = None,
    wrong_accept_cost: Annotated[
        float, typer.Option(help="A wrong answer to what is out of scope, against a needless question back.")
    ] = 2.0,
    json_out: Json = None,
) -> None:
    """Intents or sentiment: the frozen encoder with a head, with letters beside it, and fine-tuned."""
    from finetune.benchmarks.intents import Plan, run
    from frontdesk.bench import _finish, out

    begin = time.perf_counter()
    if only not in ("", "frozen", "finetuned") or split not in ("dev", "test"):
        raise FrontdeskError("--only takes frozen or finetuned, --split takes dev or test.")
    if model and (seeds > 1 or shots or only == "frozen"):
        raise FrontdeskError("--model takes neither --seeds nor --shots nor --only frozen: it is trained already.")
    if seeds < 1 or (shots is not None and shots < 2) or (limit is not None and limit < 2):
        raise FrontdeskError("--seeds takes 1 or more, --shots and --limit 2 or more.")
    plan = Plan(split, shots, seeds, only != "finetuned", only != "frozen", wrong_accept_cost=wrong_accept_cost)
    given = _named(data, name) if name else _own(train, test, dev, oos, oos_dev, split)
    given = _limited(given, limit)
    named = base or BASES[given.language]
    encoder = _encoder(named, given.language)
    train_one = _made(model) if model else _trainer(named, lambda line: out.print(f"[dim]{line}[/]"))
    figures = run(given, plan, encoder, train_one, out.print)
    flat = {f"{kind} {key}": value for kind, row in figures.items() for key, value in row.items()}
    _finish(
        f"intent ({given.name}, {split})", [given.name], _protocol(given, plan, named), figures, begin, json_out, flat
    )


def faq(
    data: Annotated[Path, typer.Option(help="Folder above vira/ (github.com/IBM/vira-intent-classification).")],
    name: Annotated[str, typer.Option("--set", help="vira")] = "vira",
    model: Annotated[Path | None, typer.Option(help="A folder of `finetune encoder` or `intent`.")] = None,
    base: Annotated[str, typer.Option(help="The frozen encoder.")] = BASES["en"],
    tuned: Annotated[bool, typer.Option("--tuned", help="Fine-tune it on the training questions first.")] = False,
    json_out: Json = None,
) -> None:
    """Which FAQ a question is: VIRA's validation questions against its 222 FAQs, with and without attached ones."""
    from finetune.benchmarks.faq import run
    from finetune.benchmarks.sets import vira_questions
    from frontdesk.bench import _finish
    from textkit.encoders import OnnxEncoder

    begin = time.perf_counter()
    if name != "vira":
        raise FrontdeskError(f"--set must be vira, got {name!r}.")
    faqs, asked = vira_questions(data / "vira")
    with tempfile.TemporaryDirectory() as scratch:
        if tuned:
            model = _tuned_encoder(data / "vira", base, Path(scratch) / "model")
        figures = {"seconds_train": round(time.perf_counter() - begin, 1)} if tuned else {}
        encoder = OnnxEncoder(model, THREADS) if model else _encoder(base, "en")
        figures |= run(encoder, faqs, asked)
        attached = run(encoder, faqs, asked, vira_questions(data / "vira", "train")[1])
        figures |= {f"attached_{key}": value for key, value in attached.items()}
    of = f"{base}, fine-tuned on the training questions (a tenth held out to stop by)" if tuned else model or base
    protocol = (
        f"Cosine of {of}; every validation question against every FAQ; labels normalised. Attached: the training "
        "questions belong to their FAQ, of whose texts the most alike one counts."
    )
    _finish("faq (vira, validation)", ["vira"], protocol, figures, begin, json_out)


def _tuned_encoder(folder: Path, base: str, target: Path) -> Path:
    from rich.markup import escape

    from finetune.benchmarks.sets import vira_questions
    from finetune.examples import Pair
    from finetune.train.encoder import train_encoder
    from frontdesk.bench import out

    faqs, asked = vira_questions(folder, "train")
    pairs = [Pair(text, faqs[place]) for text, place in asked]

    return train_encoder(pairs, None, base, target, report=lambda line: out.print(f"[dim]{escape(line)}[/]"))


def _named(data: Path | None, name: str) -> LabelledSet:
    from finetune.benchmarks.sets import read_set

    if data is None:
        raise FrontdeskError("--set needs --data, the folder above the sets.", "`frontdesk bench intent --help`.")
    return read_set(name, data)


def _own(
    train: Path | None, test: Path | None, dev: Path | None, oos: Path | None, oos_dev: Path | None, split: str
) -> LabelledSet:
    from finetune.benchmarks.sets import LabelledSet
    from finetune.examples import Example, check_known, check_training, read_examples, read_texts
    from finetune.split_examples import stratified
    from textkit.language import detect_language

    if train is None or (test is None and split == "test"):
        raise FrontdeskError("Name --train and --test, or --data and --set.", "`frontdesk bench intent --help`.")
    learned = read_examples(train)
    check_training(learned, str(train))
    labels = {example.label for example in learned}
    chosen = read_examples(dev) if dev else None
    if chosen is None:
        learned, chosen = stratified(learned)
    check_known(chosen, labels, str(dev))

    def tested() -> list[Example]:
        rows = read_examples(test) if test else []
        check_known(rows, labels, str(test))
        return rows

    share = sum(detect_language(example.text) == "zh" for example in learned) / len(learned)
    return LabelledSet(
        train.stem,
        "zh" if share > 0.5 else "en",
        learned,
        chosen,
        tested,
        dev is None,
        read_texts(oos_dev) if oos_dev else (),
        lambda: read_texts(oos) if oos else (),
    )


def _limited(given: LabelledSet, limit: int | None) -> LabelledSet:
    import dataclasses

    from finetune.benchmarks.sets import some_of

    if not limit or limit >= len(given.train):
        return given
    note = f"{given.note} {limit} of {len(given.train)} training texts, drawn by a seed.".strip()
    return dataclasses.replace(given, train=some_of(given.train, limit), note=note)


def _encoder(name: str, language: str) -> RememberingEncoder:
    """From the registry, built when it is not there yet; every text is encoded once."""
    from knowledge.encoder_install import install_encoder
    from textkit.encoders import RememberingEncoder, open_encoder
    from textkit.registry import Registry

    if Registry().find(name) is None:
        install_encoder(name)
    return RememberingEncoder(open_encoder(name, language, threads=THREADS))


def _trainer(base: str, say: Callable[[str], None]) -> Train:
    def train(examples: Any, dev: Any, folder: Path, seed: int) -> Path:
        from finetune.train.intent import train_intent
        from finetune.train.settings import TrainSettings

        made: Path = train_intent(examples, dev, base, folder, TrainSettings(seed=seed), report=say)
        return made

    return train


def _made(model: Path) -> Train:
    from frontdesk.evaluate_models import require_intent_model

    require_intent_model(model)
    return lambda examples, dev, folder, seed: model


def _protocol(given: LabelledSet, plan: Plan, base: str) -> str:
    few = f"{plan.shots} examples of each label to learn from, as many to choose by; {plan.seeds} draws. "
    shots = few if plan.shots else ""
    measured = (
        "Validation measured, the test texts unread; half of it chooses for the other half and the other way round. "
        if plan.split == "dev" and not plan.shots
        else "Validation measured, the test texts unread. "
        if plan.split == "dev"
        else "Choices on validation, the test texts read last. "
    )
    own = "No validation of its own: a tenth of each label's training texts. " if given.dev_from_train else ""
    fpr = "fpr95: what is outside and passes when 95 % of what is inside does. " if given.outside_dev else ""
    return f"{base}; {shots}{measured}{own}{fpr}{given.note}".strip()
