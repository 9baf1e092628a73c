"""The widget's modules as one script."""

from pathlib import Path

import pytest

from bot.channels.bundle import WIDGET, bundle, widget_asset


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "widget.css").write_text("/* look */\n.a { color: red; }\n", "utf-8")
    (tmp_path / "one.js").write_text("// One.\nexport const ONE = 1;\nfunction own() { return ONE; }\n", "utf-8")
    (tmp_path / "two.js").write_text(
        'import { ONE } from "./one.js";\n/** Two. */\nexport function two() { return own() + ONE; }\n'
        "function own() { return 1; }\n",
        "utf-8",
    )
    (tmp_path / "widget.js").write_text(
        'import { two } from "./two.js";\nimport { ONE } from "./one.js";\ntwo(STYLES, ONE);\n', "utf-8"
    )
    return tmp_path


def test_a_module_comes_once_and_before_those_that_need_it(folder: Path):
    made = bundle(folder)
    assert made.count("const ONE = 1;") == 1
    assert made.index("oneModule =") < made.index("twoModule =") < made.index("widgetModule =")
    assert "const { ONE } = oneModule;" in made
    assert "return { two };" in made


def test_styles_go_along_and_comments_stay_behind(folder: Path):
    made = bundle(folder)
    assert 'const STYLES = ".a { color: red; }\\n";' in made
    for comment in ("// One.", "/** Two. */", "/* look */"):
        assert comment not in made
    assert "import " not in made


@pytest.mark.parametrize(
    "line", ["export default 1;\n", 'import x from "./one.js";\n', 'import "https://elsewhere/x.js";\n']
)
def test_a_form_that_the_bundle_does_not_know_is_refused(folder: Path, line: str):
    (folder / "two.js").write_text(line, "utf-8")
    with pytest.raises(ValueError, match="two.js"):
        bundle(folder)


def test_the_same_files_give_the_same_script():
    assert widget_asset() == widget_asset(WIDGET)


def test_every_module_of_the_widget_is_used():
    made = bundle()
    apart = {"document.js", "shop.js"}  # pages load these by themselves
    for file in WIDGET.glob("*.js"):
        assert file.name in apart or f"{file.stem}Module = " in made, file.name
