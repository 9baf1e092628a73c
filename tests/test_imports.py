"""Who imports whom (docs/architecture.md), read from the source of every module."""

import ast
import importlib.util
from pathlib import Path

import pytest

from textkit.settings import ROOT

PACKAGES = ("actions", "bot", "finetune", "frontdesk", "knowledge", "textkit")
ALLOWED = {
    "textkit": (),
    "bot": ("textkit",),
    "knowledge": ("textkit",),
    "actions": ("knowledge", "textkit"),
    "finetune": ("textkit", "knowledge", "actions.recommend", "actions.risk"),
    "frontdesk": ("actions", "finetune", "knowledge", "textkit"),
}
PICKLES = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal", "jsonpickle"}
IMPORTERS = {"__import__", "import_module", "importlib.import_module"}
HEAVY = {"rasa", "rasa_sdk", "tensorflow", "torch", "transformers", "sentence_transformers", "accelerate"}


def modules(package):
    return sorted((ROOT / package).rglob("*.py"))


def imported(file: Path) -> set[str]:
    """The full names that `file` imports, wherever in it."""
    package = ".".join(file.relative_to(ROOT).parts[:-1])
    return imported_by(file.read_text(encoding="utf-8"), package)


def imported_by(code: str, package: str) -> set[str]:
    """The full names that `code` in `package` imports; `from a import b` gives `a` and `a.b`."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            base = importlib.util.resolve_name(base, package)
            found.update([base, *(f"{base}.{alias.name}" for alias in node.names)])
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in IMPORTERS:
            found.update(a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
    return found


def is_in(name, package):
    return name == package or name.startswith(f"{package}.")


def own(names):
    """The names of the project, `from a import b` only by its longest form."""
    names = {n for n in names if n.split(".")[0] in PACKAGES}
    return {n for n in names if not any(m.startswith(f"{n}.") for m in names)}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_those_that_it_may(package):
    files = modules(package)
    assert files
    for file in files:
        wrong = [n for n in own(imported(file)) if not any(is_in(n, a) for a in (package, *ALLOWED[package]))]
        assert not wrong, f"{file.relative_to(ROOT)} imports {wrong}"


@pytest.mark.parametrize("file", modules("textkit"), ids=lambda file: file.name)
def test_the_leaf_imports_nothing_heavy(file):
    assert not {n.split(".")[0] for n in imported(file)} & HEAVY


@pytest.mark.parametrize("package", [*PACKAGES, "tests", "scripts"])
def test_nothing_reads_or_writes_a_pickle(package):
    for file in modules(package):
        assert not {n.split(".")[0] for n in imported(file)} & PICKLES, file
        keywords = [n for n in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(n, ast.keyword)]
        allowed = [k for k in keywords if k.arg == "allow_pickle" and ast.unparse(k.value) != "False"]
        assert not allowed, file


def test_the_walk_sees_every_form_of_import():
    """Guards the tests above: a walk that sees nothing would pass them all."""
    code = "import a.b as c\ndef f():\n    from d import e\nfrom . import g\nfrom .h import i\n__import__('j')\n"
    assert imported_by(code, "knowledge") >= {"a.b", "d.e", "knowledge.g", "knowledge.h.i", "j"}
    assert "textkit.errors.MissingArtefactError" in own(imported(ROOT / "textkit/registry.py"))
