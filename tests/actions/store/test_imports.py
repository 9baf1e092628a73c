import subprocess
import sys

from textkit.settings import ROOT


def test_the_package_itself_imports_no_database():
    code = "import sys, actions.store; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
