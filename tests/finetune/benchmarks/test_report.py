import json
import os
import platform

import pytest

from finetune.benchmarks.report import percentile, report, write_json


def test_a_report_says_what_was_measured_with_what():
    made = report("answers", ["dev.jsonl"], "one by one", {"recall@1": 0.5}, 1.2345)
    assert (made["benchmark"], made["data"], made["recall@1"], made["seconds"]) == ("answers", ["dev.jsonl"], 0.5, 1.23)
    assert made["versions"]["python"] == platform.python_version()
    assert {"numpy", "onnxruntime", "bm25s"} <= made["versions"].keys()
    assert made["cores"] == os.cpu_count()


def test_a_report_is_written_where_it_is_wanted(tmp_path):
    write_json({"name": "问答"}, tmp_path / "results/a.json")
    assert json.loads((tmp_path / "results/a.json").read_text(encoding="utf-8")) == {"name": "问答"}
    assert "问答" in (tmp_path / "results/a.json").read_text(encoding="utf-8")
    write_json({"name": "x"}, None)
    assert [p.name for p in tmp_path.iterdir()] == ["results"]


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([7.0], 0.95, 7.0),
        (list(range(1, 101)), 0.5, 50),
        (list(range(1, 101)), 0.95, 95),
        (list(range(100, 0, -1)), 0.95, 95),
        ([1, 2, 3], 0.5, 2),
        ([1, 2, 3, 4], 0.5, 2),
        ([1, 2], 1.0, 2),
        ([1, 2, 3], 0.0, 1),
    ],
)
def test_a_percentile_is_the_nearest_rank(values, share, expected):
    assert percentile(values, share) == expected


def test_the_percentile_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no values to take"):
        percentile([], 0.5)
