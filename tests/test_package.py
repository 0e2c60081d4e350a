import subprocess
import sys

import pytest

import zjlib


def python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_a_function_wins_over_the_module_of_its_name():
    assert (
        python("import zjlib, zjlib.scan, zjlib.outcomes; print(callable(zjlib.scan), callable(zjlib.outcomes))")
        == "True True"
    )
    assert python("import zjlib; zjlib.read_report(); print(len(zjlib.scan(zjlib.read_report())) > 50)") == "True"


def test_importing_the_package_imports_nothing_heavy():
    heavy = {"pandas", "plotly", "nbformat", "papermill", "pint"}
    assert set(python("import sys, zjlib; print(*sys.modules)").split()) & heavy == set()


def test_the_first_chart_of_a_fresh_kernel_does_without_plotly_and_nbformat():
    code = (
        "import sys, zjlib; s = zjlib.Story(zjlib.read_report()); s.sectors()._repr_mimebundle_(); print(*sys.modules)"
    )
    assert set(python(code).split()) & {"plotly", "nbformat", "jsonschema"} == set()


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(zjlib, "read_reports")
    assert set(zjlib.__all__) <= set(dir(zjlib))


def test_what_is_no_report_is_refused_with_the_way_to_read_one():
    import zjlib as zj

    for call in (zj.scan, zj.check, lambda path: zj.indicators([path])):
        with pytest.raises(TypeError, match=r"read it first with read_(document|report)\(path\)"):
            call("report.txt")
    document = zj.Document.from_text("Exports rose 4%.", id="a")
    assert list(zj.indicators(document).index) == ["a"]
    assert list(zj.indicator_cells(document)["indicator"]) == ["trade.exports.growth"]


def test_a_report_is_a_card_though_nothing_else_was_asked_of_the_package():
    shown = python("import zjlib; print(zjlib.read_report()._repr_html_())")
    assert shown.startswith("<div>") and "sha256" in shown
