"""Adds up the runners of scripts/test.sh and names every skip: `closing_line.py RESULTS PASSED FAILED`."""

import os
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def main(folder: Path, passed: int, failed: int) -> int:
    """Print the line; 1 when a test failed, or was skipped where that is not allowed."""
    skipped = 0
    for file in sorted(folder.glob("*.xml")):
        suite = next(ElementTree.parse(file).getroot().iter("testsuite"))
        count = {key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")}
        wrong = count["failures"] + count["errors"]
        passed += count["tests"] - wrong - count["skipped"]
        failed += wrong
        skipped += count["skipped"]
        for case in suite.iter("testcase"):
            for skip in case.iter("skipped"):
                sys.stdout.write(f"skipped: {case.get('classname')}.{case.get('name')}: {skip.get('message')}\n")
    not_allowed = skipped and os.environ.get("FRONTDESK_ALLOW_SKIPS") == "no"
    if not_allowed:
        sys.stdout.write("Skips are not allowed here (FRONTDESK_ALLOW_SKIPS=no).\n")
    sys.stdout.write(f"{passed} passed, {failed} failed, {skipped} skipped\n")
    return int(bool(failed or not_allowed))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
