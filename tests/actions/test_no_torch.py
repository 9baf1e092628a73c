import json
import subprocess
import sys

from textkit.settings import ROOT

HEAVY = ["torch", "sentence_transformers", "transformers", "tensorflow", "rasa", "magika"]
CODE = f"""
import json, sys
import actions.server
from knowledge.answerer import Answerer
from knowledge.index import open_index
import faiss, bm25s, onnxruntime
print(json.dumps([name for name in {HEAVY} if name in sys.modules]))
"""


def test_the_action_server_loads_no_training_framework():
    done = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []
