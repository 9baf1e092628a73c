"""`frontdesk bench`: figures by command; each prints a table and writes JSON on request."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from finetune.benchmarks.report import report, write_json
from frontdesk import bench_models
from textkit.errors import FrontdeskError
from textkit.language import LANGUAGES, Language
from textkit.settings import ROOT, settings

if TYPE_CHECKING:
    from knowledge.answerer import Answerer

app = typer.Typer(help="Measure: retrieval, questions, intents, answer time, start-up.", no_args_is_help=True)
app.command()(bench_models.intent)
app.command()(bench_models.faq)
out = Console(highlight=False)
Json = Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")]
Plain = Annotated[bool, typer.Option("--plain", help="Without the questions attached to the documents.")]
With = Annotated[
    str, typer.Option("--taught", help="bounded: by all there is; attached: not by unanswered questions; plain")
]
QUESTIONS = ROOT / "tests/data/questions"


def _finish(
    name: str,
    data: list[str],
    protocol: str,
    figures: Mapping[str, Any],
    begin: float,
    file: Path | None,
    shown: Mapping[str, Any] | None = None,
) -> None:
    made = report(name, data, protocol, figures, time.perf_counter() - begin)
    table = Table(title=name, show_header=False, box=None)
    for key, value in (shown or figures).items():
        table.add_row(key, str(value))
    out.print(table)
    out.print(f"[dim]{protocol} {made['cores']} cores, {made['seconds']} s.[/]")
    write_json(made, file)


def _language(value: str) -> Language:
    if value not in LANGUAGES:
        raise FrontdeskError(f"--language must be one of {', '.join(LANGUAGES)}, got {value!r}.")
    return "zh" if value == "zh" else "en"


@contextmanager
def _answerer(taught: str) -> Iterator[Answerer]:
    """The answerer of the documents in service, as it is (`bounded`) or with less beside its documents."""
    from actions.services import services
    from finetune.benchmarks.plain import BESIDE, taught_less

    services().database.upgrade()
    kind = next((known for known in BESIDE if known == taught), None)
    if kind is None:
        raise FrontdeskError(f"--taught must be one of {', '.join(BESIDE)}, got {taught!r}.")
    if kind == "bounded":
        yield services().answerer()
    else:
        with taught_less(services().answerer(), kind) as answerer:
            yield answerer


@app.command()
def questions(
    language: Annotated[str, typer.Option(help="en or zh")] = "en",
    split: Annotated[str, typer.Option(help="dev or test")] = "dev",
    file: Annotated[Path | None, typer.Option(help="A question file of your own instead.")] = None,
    plain: Plain = False,
    json_out: Json = None,
) -> None:
    """Questions about the documents in service: right document, right answer, honest "I don't know"."""
    from finetune.benchmarks.questions import read_questions, run

    begin = time.perf_counter()
    source = file or QUESTIONS / f"{split}_{language}.jsonl"
    golds = read_questions(source)
    with _answerer("plain" if plain else "bounded") as answerer:
        figures = run(answerer, golds, _language(language))
    protocol = (
        "Right: one spelling of every gold value stands in the answer, and a gold document is cited. "
        "recall@1: the unit ranked first stands in a gold document. Times: one answer in process, without HTTP."
    )
    _finish(f"questions ({source.stem}{', plain' if plain else ''})", [source.name], protocol, figures, begin, json_out)


@app.command()
def tune(
    language: Annotated[str, typer.Option(help="of the documents: en, zh or all")] = "all",
    keep: Annotated[float, typer.Option(help="Share of answerable questions that the gate should let through.")] = 0.94,
    keep_across: Annotated[float, typer.Option(help="The same for questions in the other language.")] = 0.65,
    taught: With = "bounded",
) -> None:
    """Fit the weights of answering on the training and development questions, for the documents in service."""
    from finetune.benchmarks.tune import questions_across, questions_own, reads_across, reads_own, write_weights
    from finetune.benchmarks.tune import tune as fit
    from knowledge.answerer import Answerer, view_of
    from knowledge.weights import weights_file

    for share in (keep, keep_across):
        if not 0.5 <= share <= 0.99:
            raise FrontdeskError(f"--keep and --keep-across must be between 0.5 and 0.99, got {share}.")
    with _answerer(taught) as answerer:
        for tongue in LANGUAGES if language == "all" else (_language(language),):
            index = answerer.index.languages[tongue]
            golds = questions_own(QUESTIONS, tongue)
            alone = Answerer(dataclasses.replace(answerer.index, shared=None), answerer.glossary)
            jobs = [(view_of(index, shared=False), golds, keep, reads_own(alone, index))]
            if answerer.index.shared:
                across = questions_across(QUESTIONS, tongue)
                jobs.append(("both", golds, keep, reads_own(answerer, index)))
                jobs.append(("across", across, keep_across, reads_across(answerer, index)))
            for view, asked, share, read in jobs:
                tuned, target = fit(index, asked, share, read), weights_file(tongue, index.taught, view)
                write_weights(tuned.weights, target)
                figures = ", ".join(f"{name} {value:.3f}" for name, value in tuned.figures.items())
                out.print(f"wrote {target.name} from {len(asked)} questions; cross-validated: {figures}")


@app.command()
def retrieval(
    corpus: Annotated[Path | None, typer.Option(help="corpus.jsonl: _id, text, title")] = None,
    queries: Annotated[Path | None, typer.Option(help="queries.jsonl: _id, text")] = None,
    qrels: Annotated[Path | None, typer.Option(help="qrels.tsv: query-id, corpus-id, score")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder with xquad/ (github.com/google-deepmind/xquad).")] = None,
    language: Annotated[str, typer.Option(help="en or zh")] = "en",
    json_out: Json = None,
) -> None:
    """Passage retrieval on BEIR-style files, or on XQuAD with --data DIR."""
    from finetune.benchmarks import retrieval as bench

    begin = time.perf_counter()
    tongue = _language(language)
    if data:
        source = data / "xquad" / f"xquad.{tongue}.json"
        figures = bench.run(*bench.squad_to_beir(source), tongue)
        names = [source.name]
    elif corpus and queries and qrels:
        texts = list(bench.read_jsonl(corpus, {"_id", "text"}))
        asked = list(bench.read_jsonl(queries, {"_id", "text"}))
        figures = bench.run(texts, asked, bench.read_qrels(qrels), tongue)
        names = [corpus.name, queries.name, qrels.name]
    else:
        raise FrontdeskError("Name --corpus, --queries and --qrels, or --data.", "`frontdesk bench retrieval --help`.")
    protocol = "Every query against the whole corpus; no training on it; ranks fused as in service, without rerank."
    _finish(f"retrieval ({tongue})", names, protocol, figures, begin, json_out)


@app.command()
def answer(
    language: Annotated[str, typer.Option(help="en or zh")] = "en",
    url: Annotated[str | None, typer.Option(help="Where Frontdesk runs; the settings' address by default.")] = None,
    json_out: Json = None,
) -> None:
    """Time of a knowledge answer over HTTP, one user; start Frontdesk with a high FRONTDESK_MESSAGES_PER_MINUTE."""
    from finetune.benchmarks.questions import read_questions
    from finetune.benchmarks.serving import run_answer_times

    begin = time.perf_counter()
    base = url or f"http://{settings().host}:{settings().port}"
    file = QUESTIONS / f"dev_{_language(language)}.jsonl"
    figures = run_answer_times(base, [gold.question for gold in read_questions(file)])
    protocol = "Development questions one after the other over POST /api/messages, conversations of 10 turns, no cache."
    _finish(f"answer ({language})", [file.name], protocol, figures, begin, json_out)


@app.command()
def startup(
    cold: Annotated[
        bool, typer.Option(help="Clone this repository into a new folder and start it from nothing.")
    ] = False,
    json_out: Json = None,
) -> None:
    """`make up` until it answers, resident memory, size of the environments; the ports must be free."""
    import subprocess
    import tempfile

    from finetune.benchmarks.serving import disk_mb, start_up

    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        folder = ROOT
        if cold:
            folder = Path(scratch) / "frontdesk"
            subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
        figures = start_up(["make", "up"], folder)
        figures["disk_mb"] = {name: disk_mb(folder / name) for name in (".venv", ".venv-dialogue", ".uv", "models")}
    protocol = "From a fresh clone, with uv's download cache as it is." if cold else "A second start, nothing changed."
    _finish(f"startup ({'cold' if cold else 'warm'})", [], protocol, figures, begin, json_out)


@app.command()
def understanding(
    language: Annotated[str, typer.Option(help="en or zh")] = "en",
    split: Annotated[str, typer.Option(help="dev or test")] = "dev",
    json_out: Json = None,
) -> None:
    """Intents, out of scope, two requests in a message and entities, by the dialogue model in service."""
    from finetune.benchmarks.understanding import run
    from frontdesk.explained import parse_texts

    begin = time.perf_counter()
    folder = ROOT / "tests/data/understanding"
    figures = run(folder, _language(language), split, parse_texts)
    protocol = (
        "accuracy: the likeliest of all classes, `ask` among them; accuracy_routed: after the out-of-scope threshold "
        "and the question back. Entities: kind, place and value agree exactly."
    )
    _finish(f"understanding ({split}_{language})", ["tests/data/understanding"], protocol, figures, begin, json_out)


@app.command("export")
def export_table(
    model: Annotated[Path, typer.Option(help="A model that `frontdesk finetune intent` or `sentiment` made.")],
    test: Annotated[Path, typer.Option(help="CSV or JSONL with text,label.")],
    smaller: Annotated[list[Path] | None, typer.Option(help="Models of fewer layers, to be compared with it.")] = None,
    json_out: Json = None,
) -> None:
    """Size, time, throughput, accuracy and agreement of a model in full precision, in int8 and with fewer layers."""
    from finetune.examples import check_known, read_examples
    from finetune.export import table as measure
    from finetune.intents.model import IntentModel

    begin = time.perf_counter()
    examples = read_examples(test)
    check_known(examples, IntentModel.load(model).labels, "The test file")
    rows = measure(model, examples, smaller or [])
    flat = {f"{name}: {key}": value for name, row in rows.items() for key, value in row.items()}
    protocol = (
        "One core. ms_one_text: median of single texts; sentences_per_second: all texts in batches. agreement and "
        "accuracy_loss: against full precision, with the same heads."
    )
    _finish("export", [test.name], protocol, flat, begin, json_out)


@app.command()
def turns(
    users: Annotated[str, typer.Option(help="Numbers of customers at a time, separated by commas.")] = "1,16",
    messages: Annotated[int, typer.Option(help="Messages per run; a conversation has 10.")] = 400,
    long: Annotated[int, typer.Option(help="Turns of the long conversation; 0 leaves it out.")] = 100,
    stock: Annotated[Path | None, typer.Option(help="Folder for stock Rasa, made when missing (2.5 GB).")] = None,
    json_out: Json = None,
) -> None:
    """Messages a second and their times, beside stock Rasa's `rasa init` bot when --stock names a folder."""
    from finetune.benchmarks.turns import run_ours, run_stock

    begin = time.perf_counter()
    counts = [int(part) for part in users.split(",") if part.strip().isdecimal() and int(part) > 0]
    if not counts or messages < 10:
        raise FrontdeskError("--users takes numbers such as 1,16, and --messages at least 10.")
    figures: dict[str, Any] = {"frontdesk": run_ours(counts, messages, long)}
    if stock:
        figures["stock"] = run_stock(stock.resolve(), counts, messages, long)
    flat = {
        f"{name} {run}: {key}": value
        for name, runs in figures.items()
        for run, row in runs.items()
        for key, value in row.items()
    }
    protocol = (
        "Conversations of 10 turns over HTTP; ours on its durable store: 40 % knowledge, 20 % actions, 40 % small "
        "talk, English and Chinese, every text once. load_generator: its share of the processor time."
    )
    _finish("turns", ["tests/data/questions", "bot/data/nlu"], protocol, flat, begin, json_out)


@app.command()
def sockets(
    count: Annotated[int, typer.Option(help="Open WebSockets.")] = 500,
    talking: Annotated[int, typer.Option(help="How many of them talk.")] = 50,
    seconds: Annotated[float, typer.Option(help="For how long.")] = 120.0,
    json_out: Json = None,
) -> None:
    """Open WebSockets of the web channel: answer times, errors, the servers' memory before and after."""
    from finetune.benchmarks.sockets import PAUSE, run

    begin = time.perf_counter()
    figures = run(count, talking, seconds)
    protocol = f"Each talker pauses {PAUSE:.0f} s after a reply; `turns`' mix of questions, actions and small talk."
    _finish("sockets", ["tests/data/questions", "bot/data/nlu"], protocol, figures, begin, json_out)


@app.command()
def mends(
    only: Annotated[str, typer.Option(help="Names of mends, separated by commas; all by default.")] = "",
    users: Annotated[int, typer.Option(help="Customers at a time.")] = 16,
    messages: Annotated[int, typer.Option(help="Messages per run; a conversation has 10.")] = 400,
    rounds: Annotated[int, typer.Option(help="How often each is run; the median counts.")] = 3,
    json_out: Json = None,
) -> None:
    """Messages a second with each mend of rasa left out, one at a time."""
    from finetune.benchmarks.mends import MENDS
    from finetune.benchmarks.turns import run_mends

    begin = time.perf_counter()
    names = [name.strip() for name in only.split(",") if name.strip()] or list(MENDS)
    unknown = [name for name in names if name not in MENDS]
    if unknown or users < 1 or messages < 10 or rounds < 1:
        raise FrontdeskError(f"--only takes {', '.join(MENDS)}; --messages at least 10.")
    figures = run_mends(names, users, messages, rounds)
    flat = {
        f"{name}: {key}" if name == "as it is" else f"without {name}: {key}": value
        for name, row in figures.items()
        for key, value in row.items()
    }
    protocol = f"{users} customers, the mix of `bench turns`; medians of {rounds} runs of {messages} messages in turns."
    _finish("mends", ["tests/data/questions", "bot/data/nlu"], protocol, flat, begin, json_out)


@app.command()
def redaction(
    data: Annotated[
        Path | None, typer.Option(help="Folder with presidio_pii/ (github.com/microsoft/presidio-research).")
    ] = None,
    split: Annotated[str, typer.Option(help="dev or test, of the Chinese sentences")] = "test",
    json_out: Json = None,
) -> None:
    """Redaction of personal data: Chinese sentences of our own, or presidio's English ones with --data DIR."""
    from finetune.benchmarks import redaction as bench

    begin = time.perf_counter()
    if data:
        source = next((p for p in (data / "presidio_pii", data) if (p / bench.PRESIDIO_FILE).is_file()), data)
        file, golds = source / bench.PRESIDIO_FILE, bench.read_presidio(source / bench.PRESIDIO_FILE)
    else:
        file = ROOT / f"tests/data/redaction/{split}_zh.jsonl"
        golds = bench.read_own(file)
    protocol = (
        "recall: spans of which no letter or digit is left; precision: placeholders that touch a span. "
        f"Not ours, so neither right nor wrong: {', '.join(bench.NOT_OURS)}."
    )
    _finish(f"redaction ({file.name})", [file.name], protocol, bench.run(golds), begin, json_out)
