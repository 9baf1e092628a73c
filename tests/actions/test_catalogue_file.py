import json

from actions.catalogue_file import write_catalogue
from actions.sample.generate import seed
from textkit.entities import Catalogue


def test_the_catalogue_is_what_the_dialogue_reads(shop, tmp_path):
    shop.database.seed_if_empty(seed)
    file = tmp_path / "registry/catalogue/catalogue.json"
    with shop.database.read() as session:
        write_catalogue(session, file)
    rows = json.loads(file.read_text(encoding="utf-8"))
    assert len(rows) >= 150
    assert [row["sku"] for row in rows] == sorted(row["sku"] for row in rows)
    assert Catalogue.read(file).find("how much is the bastion", "how much is the Bastion", False)
    assert [path.name for path in file.parent.iterdir()] == ["catalogue.json"]


def test_a_catalogue_that_cannot_be_written_leaves_no_draft(shop, tmp_path):
    file = tmp_path / "catalogue.json"
    file.mkdir()
    with shop.database.read() as session:
        try:
            write_catalogue(session, file)
        except OSError:
            pass
        else:
            raise AssertionError("a folder was overwritten")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".cat")] == []
