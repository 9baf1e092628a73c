"""From messages to a sheet: clusters with a suggested intent, and the single messages most worth a label."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from finetune.chats.message import Message
from finetune.clean.machine import key_of
from finetune.clean.redact import redacted
from finetune.examples import Example
from finetune.label.clusters import LONE, cluster, key_terms
from finetune.label.intents import Guess, IntentView
from finetune.label.sheet import Cluster, Sheet, Single
from finetune.label.vectors import language_of
from finetune.label.worth import most_worth
from textkit.encoders import Vectors
from textkit.entities.wordlists import pinyin
from textkit.language import LANGUAGES, Language

CLEAR = 0.7  # probability of an intent from which messages need no clustering to be alike
SURE = 0.5  # mean probability of an intent in a cluster from which it is suggested
SHOWN = 40  # messages of a cluster, those nearest its middle first
Predict = Callable[[Sequence[str]], list[Guess]]


def unlabelled(messages: Sequence[Message], examples: Sequence[Example]) -> dict[Language, list[str]]:
    """Customers' messages without a label by language, redacted, each once, without those that are examples."""
    known = {key_of(example.text) for example in examples}
    found: dict[Language, list[str]] = {language: [] for language in LANGUAGES}
    for message in messages:
        if message.sender != "customer" or message.label:
            continue
        text = redacted(message.text)
        if (key := key_of(text)) and key not in known:
            known.add(key)
            found[language_of(text, message.language)].append(text)
    return found


def suggest(
    texts: Sequence[str],
    language: Language,
    view: IntentView,
    smallest: int = 5,
    most: int = 30,
    predict: Predict | None = None,
) -> Sheet:
    """The sheet for the messages of one language; `predict` asks the model in service instead of a stand-in."""
    if not texts:
        return Sheet([], [])
    vectors = view.encode(texts)
    guesses = predict(texts) if predict else view.guesses(vectors)
    numbers = _groups(vectors, guesses, smallest)
    terms = key_terms(texts, numbers)
    taken = {example.label for example in view.examples}
    clusters = []
    for number in sorted(set(numbers) - {LONE}):
        members = np.flatnonzero([n == number for n in numbers])
        intent, share = _likeliest([guesses[place] for place in members])
        new = share < SURE
        name = _free_name(terms[number], language, taken) if new else intent
        taken.add(name)
        inner = members[np.argsort(-(vectors[members] @ vectors[members].mean(axis=0)))][:SHOWN]
        shown = [texts[place] for place in inner]
        clusters.append(Cluster(number + 1, language, name, new, round(share, 3), terms[number], shown))
    return Sheet(clusters, _singles(texts, language, vectors, guesses, most))


def _groups(vectors: Vectors, guesses: Sequence[Guess], smallest: int) -> list[int]:
    """The cluster of each message: those that surely have one intent together, the others by their vectors."""
    sure = Counter(guess.intent for guess in guesses if guess.confidence >= CLEAR)
    names = [name for name, count in sure.most_common() if count >= smallest]
    numbers = [
        names.index(guess.intent) if guess.confidence >= CLEAR and guess.intent in names else LONE for guess in guesses
    ]
    rest = np.flatnonzero([number == LONE for number in numbers])
    for place, number in zip(rest, cluster(vectors[rest], smallest), strict=True):
        numbers[place] = LONE if number == LONE else number + len(names)
    return numbers


def _likeliest(guesses: Sequence[Guess]) -> tuple[str, float]:
    """The intent with the most probability over the members of a cluster, and its mean."""
    total = Counter[str]()
    for guess in guesses:
        total[guess.intent] += guess.confidence  # type: ignore[assignment]
    intent, weight = total.most_common(1)[0]
    return intent, weight / len(guesses)


def _free_name(terms: Sequence[str], language: Language, taken: set[str]) -> str:
    """A name that no intent has, of a cluster's terms; Chinese ones by their sound."""
    words = ["_".join(pinyin(term)) if language == "zh" else term for term in terms[:2]]
    name = re.sub(r"[^a-z0-9]+", "_", "_".join(words).lower()).strip("_")[:40]
    name = name if re.match(r"[a-z]", name) else f"topic_{name}".rstrip("_")
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _singles(
    texts: Sequence[str], language: Language, vectors: Vectors, guesses: Sequence[Guess], most: int
) -> list[Single]:
    unsure = [1.0 - guess.lead for guess in guesses]
    chosen = most_worth(vectors, unsure, most)
    return [
        Single(texts[place], language, f"{guesses[place].intent} {guesses[place].confidence:.2f}") for place in chosen
    ]
