"""Are the catalogues in `locale/` complete and compiled? Needs gettext, and says so where it is missing."""

import gettext
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Django's own sentences in other words, and nothing else: there is nothing to compare with the sources
BY_HAND = "en_GB"
# written by hand: it rewords some of Django's sentences and need not name ours
ENGLISH = "en_GB"
NOT_SOURCES = shutil.ignore_patterns(".*", "__pycache__", "tests", "docs", "static")


def main() -> int:
    catalogues = sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po"))
    if not catalogues:
        print("There is no catalogue in locale/.")
        return 1
    if not shutil.which("msgcmp"):
        print("gettext is not installed: the catalogues were not checked.")
        return 1 if os.environ.get("CI") == "true" else 0
    with tempfile.TemporaryDirectory() as scratch:
        template = _texts_of_the_sources(Path(scratch) / "copy")
        wrong = [problem for path in catalogues for problem in _problems(path, template, Path(scratch))]
    print("\n".join(wrong) or f"{len(catalogues)} catalogue(s) complete and compiled")
    return 1 if wrong else 0


def _texts_of_the_sources(copy: Path) -> Path:
    shutil.copytree(ROOT, copy, ignore=NOT_SOURCES)
    command = [
        sys.executable,
        "manage.py",
        "makemessages",
        "--all",
        "--exclude",
        ENGLISH,
        "--keep-pot",
        "--no-location",
    ]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    return copy / "locale" / "django.pot"


def _problems(catalogue: Path, template: Path, scratch: Path) -> list[str]:
    name = catalogue.relative_to(ROOT)
    if catalogue.parts[-3] != ENGLISH:
        compared = subprocess.run(["msgcmp", catalogue, template], capture_output=True, text=True, check=False)
        if compared.returncode:
            return [f"{name} is behind the sources or not all translated (make messages):\n{compared.stderr.strip()}"]
    fresh = scratch / "fresh.mo"
    subprocess.run(["msgfmt", "--check-format", "-o", fresh, catalogue], check=True)
    compiled = catalogue.with_suffix(".mo")
    if not compiled.exists() or _texts(compiled) != _texts(fresh):
        return [f"{compiled.relative_to(ROOT)} is not what {name} compiles to (make messages)"]
    return []


def _texts(compiled: Path) -> dict[str, str]:
    with compiled.open("rb") as file:
        return {k: v for k, v in vars(gettext.GNUTranslations(file))["_catalog"].items() if k}


if __name__ == "__main__":
    sys.exit(main())
