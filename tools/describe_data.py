"""Bring the sizes and checksums in data/datapackage.json up to date with the files that it describes."""

import hashlib
import json
from pathlib import Path

DATA = Path(__file__).parent.parent / "data"


def main() -> None:
    file = DATA / "datapackage.json"
    package = json.loads(file.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        content = (DATA / resource["path"]).read_bytes()
        resource["bytes"] = len(content)
        resource["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
    file.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
