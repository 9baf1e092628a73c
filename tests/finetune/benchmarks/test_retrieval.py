import json
import math

import pytest

from finetune.benchmarks.retrieval import read_jsonl, read_qrels, run, squad_to_beir
from textkit.errors import DocumentError

CORPUS = [
    {"_id": "d1", "title": "Refunds", "text": "Refunds reach the card in five days. Ask the bank after that."},
    {"_id": "d2", "title": "Kettles", "text": "The kettle holds its heat for an hour."},
    {"_id": "d3", "title": "Refunds abroad", "text": "Refunds abroad reach the card in nine days."},
    {"_id": "d4", "title": "", "text": "Gift vouchers never expire."},
]
CHINESE = [{"_id": "z1", "text": "退款五天到账。"}, {"_id": "z2", "text": "水壶可以保温一小时。"}]


def queries(**texts):
    return [{"_id": name, "text": text} for name, text in texts.items()]


@pytest.mark.usefixtures("lexical")
def test_figures_are_those_counted_by_hand():
    asked = queries(q1="kettle heat hour", q2="gift vouchers expire", q3="kettle heat", unjudged="refunds")
    judged = {"q1": {"d2": 1}, "q2": {"d4": 2, "d9": 1}, "q3": {"d9": 1}}
    # q1 finds its only document first; q2 its better one first and the other never; q3's is not in the corpus.
    second = 3 / (3 + 1 / math.log2(3))
    assert run(CORPUS, asked, judged, "en") == {
        "passages": 4,
        "queries": 3,
        "recall@1": round(2 / 3, 4),
        "recall@5": round((1 + 0.5 + 0) / 3, 4),
        "mrr@10": round(2 / 3, 4),
        "ndcg@10": round((1 + second + 0) / 3, 4),
    }


@pytest.mark.usefixtures("lexical")
def test_a_document_that_comes_second_counts_less():
    figures = run(CORPUS, queries(q="kettle heat hour"), {"q": {"d1": 1, "d3": 1, "d4": 1}}, "en")
    assert figures["recall@1"] == 0
    assert figures["recall@5"] == 1
    assert figures["mrr@10"] == 0.5
    gains = [1 / math.log2(n) for n in (3, 4, 5)]
    assert figures["ndcg@10"] == round(sum(gains) / sum(1 / math.log2(n) for n in (2, 3, 4)), 4)


@pytest.mark.usefixtures("lexical")
def test_chinese_is_measured_alike():
    assert run(CHINESE, queries(q="退款多久到账"), {"q": {"z1": 1}}, "zh")["mrr@10"] == 1.0


@pytest.mark.usefixtures("lexical")
def test_queries_and_judgements_that_do_not_meet_are_refused():
    with pytest.raises(DocumentError, match="No query has a judgement"):
        run(CORPUS, queries(q="refund"), {"other": {"d1": 1}}, "en")


@pytest.mark.usefixtures("lexical")
def test_an_empty_text_does_not_break_the_index():
    assert run([*CORPUS, {"_id": "d5", "text": " \n"}], queries(q="kettle"), {"q": {"d2": 1}}, "en")["recall@1"] == 1


@pytest.mark.parametrize("header", ["", "query-id\tcorpus-id\tscore\n"])
def test_judgements_are_read_with_or_without_a_header(tmp_path, header):
    (tmp_path / "qrels.tsv").write_text(f"{header}q1\td1\t2\nq1\td2\t0\nq2\td3\t-1\nq2\td1\t1\n")
    assert read_qrels(tmp_path / "qrels.tsv") == {"q1": {"d1": 2}, "q2": {"d1": 1}}


@pytest.mark.parametrize("line", ["q1 d1 1", "q1\td1", "q1\td1\tmany", "q1\t0\td1\t1"])
def test_a_bad_judgement_is_named(tmp_path, line):
    (tmp_path / "qrels.tsv").write_text(f"q1\td1\t1\n{line}\n")
    with pytest.raises(DocumentError, match=r"qrels\.tsv, line 2"):
        read_qrels(tmp_path / "qrels.tsv")


@pytest.mark.parametrize(
    ("line", "said"),
    [("{", "is not a JSON object"), ("[1]", "is not a JSON object"), ('{"_id": "a"}', "has no 'text'")],
)
def test_a_bad_line_of_the_corpus_is_named(tmp_path, line, said):
    (tmp_path / "corpus.jsonl").write_text(f"{json.dumps(CORPUS[0])}\n\n{line}\n")
    with pytest.raises(DocumentError, match=rf"corpus\.jsonl, line 3 {said}"):
        list(read_jsonl(tmp_path / "corpus.jsonl", {"_id", "text"}))


def test_a_missing_file_is_named(tmp_path):
    for read in (read_qrels, squad_to_beir, lambda file: list(read_jsonl(file, set()))):
        with pytest.raises(DocumentError, match="gone does not exist"):
            read(tmp_path / "gone")


def test_squad_becomes_a_search_for_the_paragraph(tmp_path):
    paragraphs = [
        {"context": "退款五天到账。", "qas": [{"id": 1, "question": "多久到账？"}, {"id": 2, "question": "几天？"}]},
        {"context": "水壶保温一小时。", "qas": [{"id": 3, "question": "保温多久？"}]},
    ]
    (tmp_path / "squad.json").write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}))
    corpus, asked, judged = squad_to_beir(tmp_path / "squad.json")
    assert [row["_id"] for row in corpus] == ["p0", "p1"]
    assert [row["text"] for row in asked] == ["多久到账？", "几天？", "保温多久？"]
    assert judged == {"1": {"p0": 1}, "2": {"p0": 1}, "3": {"p1": 1}}
