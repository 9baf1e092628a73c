"""Text to index terms: stemmed words in English; jieba words and character bigrams in Chinese."""

from __future__ import annotations

import logging
import re
import unicodedata
import warnings
from functools import cache
from pathlib import Path
from typing import Any

from textkit.language import HAN

_RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+(?:[.,:'’-][^\W_{HAN}]+)*", re.UNICODE)
_HAN_RUN = re.compile(rf"[{HAN}]+")

STOP_WORDS_EN = frozenset(
    """
    a about am an and any are as at be been being but by can could d did do does doing don for from get got
    had has have having he her here him his how i if in into is isn it its just ll m me my need of on or our
    out please re s shall she should so some t than that the their them then there these they this those to
    too up us ve very want was we were what when where which while who whom why will with would you your
    yours hi hello hey thanks thank tell know like im ive id
    """.split()
)
STOP_WORDS_ZH = frozenset(
    """
    的 了 吗 呢 吧 啊 呀 哦 嘛 么 是 在 有 我 你 您 他 她 它 我们 你们 您们 他们 这 那 这个 那个 哪 哪些 哪个 什么
    怎么 怎样 如何 为什么 多少 几 请问 请 想 要 能 可以 会 就 都 也 还 和 与 或 及 对 把 被 给 让 从 到 用 以 上 下
    里 个 一下 一个 知道 问 谢谢 你好 您好 吗 的话 如果 时候 可不可以 能不能 是不是 有没有 需要 得 着 过 又 再 很 太
    呗 啦 咋 啥
    """.split()
)


def normalise(text: str) -> str:
    """Full width to half width, compatibility forms to plain ones, lower case; for comparing, never for showing."""
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


@cache
def _jieba() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42.1 predates Python's warnings on its regular expressions
        import jieba

    jieba.setLogLevel(logging.WARNING)
    # By itself it caches under a fixed name in the shared temporary folder, where anybody may write.
    cache_folder = Path.home() / ".cache" / "frontdesk"
    cache_folder.mkdir(parents=True, exist_ok=True)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(cache_folder)
    tokenizer.initialize()
    return tokenizer


def runs(text: str) -> list[str]:
    """The runs of Chinese characters and the words of every other script, normalised, in order."""
    return _RUN.findall(normalise(text))


def index_terms(text: str) -> list[str]:
    """Terms for BM25. English words are stemmed and lose stop words; Chinese gives jieba words and bigrams."""
    terms: list[str] = []
    for run in runs(text):
        if _HAN_RUN.fullmatch(run):
            terms.extend(chinese_terms(run))
        elif run not in STOP_WORDS_EN:
            terms.extend(_english_terms(run))
    return terms


def _english_terms(word: str) -> list[str]:
    word = word.removesuffix("'s")
    parts = re.split(r"[-'.,:]", word) if not word.replace(".", "").replace(",", "").isdigit() else [word]
    whole = [_stem(word)] if len(parts) == 1 else [word.replace("-", "")]
    return whole + [_stem(p) for p in parts if len(parts) > 1 and p and p not in STOP_WORDS_EN]


def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word)) if word.isascii() and word.isalpha() else word


def chinese_terms(run: str) -> list[str]:
    """Jieba's words (without stop words) and every bigram of one run of Chinese characters."""
    words = [w for w in chinese_words(run) if len(w) > 1 and w not in STOP_WORDS_ZH]
    bigrams = [run[i : i + 2] for i in range(len(run) - 1)]
    return words + bigrams if len(run) > 1 else [run]


def chinese_words(text: str) -> list[str]:
    """Jieba's segmentation of `text`."""
    return list(_jieba().cut(text))
