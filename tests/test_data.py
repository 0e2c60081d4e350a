import hashlib
import json
import tomllib

import frictionless
import pandas as pd

from zjlib.paths import data_dir
from zjlib.tables import COLUMNS

DATA = data_dir()


def test_the_datapackage_is_valid_and_its_checksums_are_of_the_files():
    result = frictionless.validate(str(DATA / "datapackage.json"))
    assert result.valid, result.flatten(["title", "message"])
    for resource in json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]:
        assert resource["hash"] == f"sha256:{hashlib.sha256((DATA / resource['path']).read_bytes()).hexdigest()}", (
            f"{resource['path']} has changed: run tools/describe_data.py"
        )


def test_every_file_of_the_data_folder_is_described():
    described = {
        resource["path"]
        for resource in json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    }
    files = {file.relative_to(DATA).as_posix() for file in DATA.rglob("*") if file.is_file()}
    assert files - described == {"README.md", "datapackage.json"}


def test_the_report_is_kept_byte_for_byte():
    source = tomllib.loads((DATA / "reports" / "2023-02-13.toml").read_text(encoding="utf-8"))
    assert source["sha256"].startswith("e2afc64a")
    assert hashlib.sha256((DATA / "reports" / "2023-02-13.txt").read_bytes()).hexdigest() == source["sha256"]
    assert {"title", "date", "language", "origin", "rights"} <= set(source)


def test_the_codebook_names_every_column():
    codebook = (DATA / "README.md").read_text(encoding="utf-8")
    columns = [*COLUMNS, *pd.read_csv(DATA / "outcomes.csv").columns, *pd.read_csv(DATA / "sources.csv").columns]
    assert [column for column in columns if f"`{column}`" not in codebook] == []


def test_the_boundaries_are_of_the_eleven_cities_and_small():
    boundaries = DATA / "zhejiang.geojson"
    assert boundaries.stat().st_size < 150_000
    cities = {
        feature["properties"]["city"] for feature in json.loads(boundaries.read_text(encoding="utf-8"))["features"]
    }
    names = tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8"))["name"]
    assert cities == {name["label"] for name in names if name["kind"] == "prefecture"}
    assert len(cities) == 11
