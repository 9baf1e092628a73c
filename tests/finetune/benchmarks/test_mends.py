import subprocess
import sys

import pytest

from finetune.benchmarks.mends import MENDS, effects, write_hook
from textkit.errors import FrontdeskError
from textkit.settings import ROOT


@pytest.mark.parametrize("name", MENDS)
def test_what_is_changed_exists(name):
    module, change = MENDS[name]
    source = ROOT.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8")
    changed = change.split(" = ")[0].split(".")[-1]
    assert f"def {changed}(" in source or f"{changed} = " in source


def test_the_hook_changes_its_module_alone(tmp_path):
    write_hook("no slow fused node", tmp_path)
    ask = "import textkit.encoders as e, textkit.language as l; print(e.SLOWER, hasattr(l, 'SLOWER'))"
    answer = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, check=True
    )
    assert answer.stdout.decode().split() == ["[]", "False"]


def test_a_mend_that_there_is_not_is_refused(tmp_path):
    with pytest.raises(FrontdeskError, match="no mend 'speed'"):
        write_hook("speed", tmp_path)


def test_effects_are_medians_per_mend():
    runs = [
        {"without": name, "messages_per_s": speed, "p95_ms": 1.0, "cpu_ms_per_message": 2.0}
        for name, speed in [("", 10.0), ("history", 4.0), ("", 30.0), ("history", 6.0), ("", 20.0), ("history", 5.0)]
    ]
    figures = effects(runs)
    assert figures["as it is"]["messages_per_s"] == 20
    assert figures["history"]["messages_per_s"] == 5
