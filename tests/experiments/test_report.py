"""The report of made-up results: what is on the page, in the figures, and what is refused."""

import itertools
import json
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from PIL import Image

import segpresso
from segpresso import experiments
from segpresso.examples import neuropil
from segpresso.experiments import Part, matrix
from segpresso.experiments.cell import Cell
from segpresso.experiments.report import (
    ResultsError,
    complexity,
    load_results,
    style,
    windows,
    write_report,
)
from segpresso.experiments.report.bars import all_series, draw_bars
from segpresso.experiments.report.complexity import Timing
from segpresso.experiments.report.page import Contents, render
from segpresso.experiments.report.speeds import Point, draw_speeds, pareto, points
from segpresso.experiments.report.style import Picture, save, styled
from segpresso.experiments.report.table1 import table_1, winner
from segpresso.experiments.report.windows import absent_windows, window_statistics
from segpresso.figures import frequent_windows
from segpresso.io import MissingExtraError


def speeds(compress, decompress):
    """Speeds as a result has them."""
    of_stages = {"total_compress": compress, "total_decompress": decompress}
    return {
        stage: {"megabytes_per_second": speed, "stddev": 0.0, "voxels_per_second": speed * 1e6 / 8}
        for stage, speed in of_stages.items()
    }


def measured(encoding, compression, dataset, ratio, megabytes_per_second=100.0, **changes):
    """A result as `segpresso experiment matrix` keeps it."""
    return {
        "encoding": encoding,
        "compression": compression,
        "dataset": dataset,
        "folder": "/nowhere",
        "runs": 1,
        "slices": None,
        "remark": "",
        "status": "ok",
        "reason": "",
        "voxels": 8000,
        "volumes": 1,
        "bytes_64bit": 64000,
        "bytes_given": 16000,
        "bytes_compressed": round(64000 / ratio),
        "ratio": ratio,
        "ratio_given": ratio / 4,
        "bits_per_voxel": 64 / ratio,
        "speed": speeds(megabytes_per_second, megabytes_per_second),
        "peak_bytes": 10**8,
        "versions": {"numpy": "2.0"},
        "machine": {"processors": 2},
    } | changes


def failed(encoding, compression, dataset, status, reason):
    cell = {"encoding": encoding, "compression": compression, "dataset": dataset}
    return cell | {"slices": None, "runs": 1, "status": status, "reason": reason}


def keep(folder, *results):
    for result in results:
        names = [result[name] for name in ("encoding", "compression", "dataset")]
        path = matrix.path_of(Cell(*names, ".", result["runs"], result["slices"]), folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(result))
    return folder


SMALL_MATRIX = [
    measured("NONE", "NONE", "ac4", 1.0),
    measured("NONE", "LZMA", "ac4", 100.0, 10.0),
    measured("COMPRESSO", "LZMA", "ac4", 350.5, 50.0, remark="a crop of ten sections"),
    measured("CPSO", "LZMA", "ac4", 400.0, 40.0),
    measured("COMPRESSO", "LZMA", "spl_knee", 1553.2, 60.0),
    measured("CPSO", "LZMA", "spl_knee", 1600.0, 40.0),
    measured("NEUROGLANCER", "LZMA", "spl_knee", 800.0, 70.0),
    measured("COMPRESSO", "LZMA", "spl_abdominal", 480.8, 60.0),
    measured("CRACKLE", "LZMA", "my own <volume>", 700.0),
    failed("CPSO", "PNG", "ac4", "not applicable", "PNG takes <volumes> alone"),
    failed("CPSO", "BZ2", "ac4", "too slow", "not finished after 3 s"),
]


@pytest.fixture
def results(tmp_path):
    return keep(tmp_path / "results", *SMALL_MATRIX)


@pytest.fixture(scope="module")
def quick():
    """Measure how time grows on next to nothing, and draw small pictures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(complexity, "SHAPE", (4, 32, 32))
        patch.setattr(complexity, "_LEAST_SECONDS", 0)
        patch.setattr(style, "_PNG_DPI", 50)
        yield


@pytest.fixture(scope="module")
def report(tmp_path_factory, quick):
    """The report of `SMALL_MATRIX`, with data of all but spl_abdominal."""
    folder = tmp_path_factory.mktemp("report")
    labels = neuropil((8, 25, 40)).astype("u2")
    for name in ("spl_knee.npy.xz", "my own <volume>.npy"):
        segpresso.write(folder / name, labels)
    segpresso.write(folder / "ac4.npy.xz", labels[:2])
    keep(folder / "results", *SMALL_MATRIX)
    return write_report(folder / "results", folder / "report.html", folder=folder)


class _Page(HTMLParser):
    """Text and links of a page."""

    def __init__(self, text):
        super().__init__()
        self.text = ""
        self.links = []
        self.tags = []
        self.feed(text)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data):
        self.text += f" {data}"


def page_of(report):
    return _Page(report.page.read_text("utf-8"))


def page_without_figures(results):
    """The page of some results without data, as text."""
    ratios = Picture("ratios", "<svg/>", results / "ratios.png", results / "ratios.svg")
    contents = Contents(load_results(results), results, {}, {}, {}, {"ratios": ratios})
    return _Page(render(contents)).text


def test_the_page_has_every_data_set_the_papers_ratios_and_all_failures(report):
    text = page_of(report).text
    for title in ("AC4", "SPL Knee Atlas", "SPL Abdominal Atlas", "my own <volume>"):
        assert title in text
    assert "Compresso + LZMA 1553x 1,553.2x +0.0 %" in text
    assert "Compresso + LZMA 701x 350.5x 87.6x" in text  # no difference: other data
    assert "a crop of ten sections" in text
    assert "PNG cpso ac4 1 not applicable PNG takes <volumes> alone" in text
    assert "bzip2 cpso ac4 1 too slow not finished after 3 s" in text
    assert "Not measured: AC3" in text
    assert "processors 2" in text
    assert "numpy 2.0" in text


def test_the_page_needs_no_other_file_and_takes_names_for_text(report):
    page = page_of(report)
    assert len(page.links) > 5
    assert all(link.startswith(("data:image/svg+xml;base64,", "#")) for link in page.links)
    assert not {"volume", "volumes", "script", "link"} & set(page.tags)


def test_figures_are_valid_png_and_svg(report):
    assert {path.parent for path in report.figures} == {report.page.parent / "report_figures"}
    assert {path.stem for path in report.figures} == {
        "ratios",
        "speeds",
        "complexity",
        "windows_spl_knee",
        "windows_my-own-volume-",
    }
    for path in report.figures:
        if path.suffix == ".png":
            with Image.open(path) as image:
                image.verify()
        else:
            assert ElementTree.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"


def test_what_needs_data_that_are_not_at_hand_is_named(report):
    assert set(report.missing) == {"ac4", "spl_abdominal"}
    text = page_of(report).text
    assert "Left out, for the data are needed: SPL Abdominal Atlas is not in" in text


def test_data_that_are_not_those_that_were_measured_are_not_shown(report):
    assert "2,000 voxels, not 8,000" in report.missing["ac4"]
    assert report.missing["ac4"] in page_of(report).text


def test_data_are_looked_for_where_they_were_measured(tmp_path, quick):
    segpresso.write(tmp_path / "spl_knee.npy.xz", np.ones((4, 25, 40), "u2"))
    cell = measured("CPSO", "LZMA", "spl_knee", 5.0, folder=str(tmp_path), slices=3, voxels=3000)
    report = write_report(keep(tmp_path / "results", cell), tmp_path / "report.html")
    assert not report.missing
    assert "windows_spl_knee.png" in {path.name for path in report.figures}


def test_without_any_data_the_page_says_what_is_left_out(results):
    text = page_without_figures(results)
    assert "Left out, for the data of none of the data sets are at hand" in text
    assert "there are no results of an encoding that is installed here" in text


def test_ratios_of_the_first_slices_are_not_compared_with_the_papers(tmp_path):
    keep(tmp_path, measured("COMPRESSO", "LZMA", "spl_knee", 1465.0, slices=5))
    (knee,) = load_results(tmp_path).measured
    assert [(row.paper, row.difference) for row in table_1(knee)] == [(1553.0, None)]
    assert "the ratios do not compare with the paper" in page_without_figures(tmp_path)


@pytest.mark.parametrize("difference", [{"slices": 6}, {"remark": "a crop"}])
def test_bars_have_the_papers_ratios_of_the_same_data_only(tmp_path, difference):
    knee = measured("COMPRESSO", "LZMA", "spl_knee", 1500.0)
    keep(tmp_path / "same", knee)
    keep(tmp_path / "other", knee | difference)
    (same,), (other,) = (all_series(load_results(tmp_path / name)) for name in ("same", "other"))
    assert list(same.paper.values()) == [pytest.approx(1553.0)]
    assert other.paper == {}
    assert other.means.keys() == same.means.keys()


def test_the_largest_portion_and_the_most_runs_count(tmp_path):
    keep(
        tmp_path,
        measured("CPSO", "LZMA", "ac4", 5.0, slices=5, voxels=4000),
        measured("CPSO", "ZLIB", "ac4", 6.0, slices=5, voxels=4000),
        measured("CPSO", "LZMA", "ac4", 7.0, runs=1),
        measured("CPSO", "LZMA", "ac4", 7.5, runs=3),
        measured("CPSO", "LZMA", "ac4", 8.0, runs=2),
    )
    found = load_results(tmp_path)
    (ac4,) = found.measured
    assert {pair: result.ratio for pair, result in ac4.results.items()} == {("CPSO", "LZMA"): 7.5}
    assert found.left_out == ("ac4 was also measured on the first 5 slices: not shown",)


def test_bars_are_geometric_means_and_say_of_how_many(tmp_path):
    keep(
        tmp_path,
        measured("COMPRESSO", "LZMA", "spl_knee", 100.0),
        measured("COMPRESSO", "LZMA", "spl_abdominal", 400.0),
        measured("COMPRESSO", "ZLIB", "spl_knee", 50.0),
        measured("CPSO", "LZMA", "spl_knee", 10.0),
        measured("CRACKLE", "LZMA", "spl_knee", 90.0),
        measured("CPSO", "LZMA", "spl_abdominal", 40.0),
        measured("CRACKLE", "LZMA", "spl_abdominal", 20.0),
    )
    compresso, others = all_series(load_results(tmp_path))
    lzma, zlib = ("Other segmentations", "LZMA"), ("Other segmentations", "ZLIB")
    assert compresso.means[lzma].value == pytest.approx(200.0)
    assert (compresso.means[lzma].count, compresso.means[zlib].count) == (2, 1)
    assert compresso.paper == {lzma: pytest.approx((1553.0 * 480.0) ** 0.5)}
    assert others.means[lzma].value == pytest.approx(60.0)
    assert zlib not in others.means


def test_segpresso_stands_alone_beside_the_papers_encodings(tmp_path):
    keep(
        tmp_path,
        measured("CPSO", "NONE", "ac4", 500.0),
        measured("SEGPRESSO", "NONE", "ac4", 400.0),
        measured("SEGPRESSO_SMALL", "NONE", "ac4", 450.0),
    )
    (ours,) = all_series(load_results(tmp_path))
    assert ours.title == "segpresso, best of 2 profiles"
    assert ours.means["Connectomics", "NONE"].value == pytest.approx(450.0)


def test_the_winner_is_compared_with_the_next_encoding_and_with_compresso(results):
    knee = next(m for m in load_results(results).measured if m.data.name == "spl_knee")
    found = winner((knee,))
    assert (found.best, found.ratio) == (("CPSO", "LZMA"), pytest.approx(1600.0))
    assert (found.next, found.next_ratio) == (("COMPRESSO", "LZMA"), pytest.approx(1553.2))
    assert found.compresso_ratio == found.next_ratio


def test_the_winner_is_not_compared_with_another_profile_of_itself(tmp_path):
    keep(
        tmp_path,
        measured("SEGPRESSO_SMALL", "NONE", "ac4", 500.0),
        measured("SEGPRESSO_FAST", "NONE", "ac4", 450.0),
        measured("CRACKLE", "LZMA", "ac4", 300.0),
        measured("NONE", "LZMA", "ac4", 100.0),
    )
    found = winner(load_results(tmp_path).measured)
    assert (found.best, found.next) == (("SEGPRESSO_SMALL", "NONE"), ("CRACKLE", "LZMA"))


def test_marks_stand_at_speed_and_ratio(tmp_path):
    keep(
        tmp_path,
        measured("CPSO", "LZMA", "ac4", 400.0, speed=speeds(7.0, 70.0)),
        measured("CPSO", "ZLIB", "ac4", 200.0, speed=speeds(20.0, 300.0)),
        measured("NONE", "LZF", "ac4", 50.0, speed=speeds(10.0, 900.0)),
    )
    with styled():
        figure = draw_speeds(load_results(tmp_path))
    found = {}
    for axes in figure.axes:
        if axes.collections:
            places = np.concatenate([part.get_offsets() for part in axes.collections])
            (front,) = axes.lines
            found[axes.get_xlabel()] = {
                "marks": sorted(map(tuple, places.round(6).tolist())),
                "front": list(map(tuple, front.get_xydata().round(6).tolist())),
            }
            assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert found == {
        "compressing, MB/s of 64-bit voxels": {
            "marks": [(7.0, 400.0), (10.0, 50.0), (20.0, 200.0)],
            "front": [(7.0, 400.0), (20.0, 200.0)],
        },
        "decompressing, MB/s of 64-bit voxels": {
            "marks": [(70.0, 400.0), (300.0, 200.0), (900.0, 50.0)],
            "front": [(70.0, 400.0), (300.0, 200.0), (900.0, 50.0)],
        },
    }
    assert figure.axes[0].get_ylabel() == "times smaller than 64-bit voxels"
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["no encoding", "cpso"]


def test_bars_are_as_high_as_the_ratios(tmp_path):
    keep(
        tmp_path,
        measured("NONE", "LZMA", "spl_knee", 90.0),
        measured("NONE", "ZLIB", "spl_knee", 70.0),
        measured("COMPRESSO", "LZMA", "spl_knee", 1500.0),
    )
    with styled():
        figure = draw_bars(load_results(tmp_path))
    (axes,) = figure.axes
    ticks = [text.get_text() for text in axes.get_xticklabels()]
    bars = {
        (ticks[round(bar.get_x() + bar.get_width() / 2)], bar.get_facecolor()): (
            bar.get_y() + bar.get_height()
        )
        for bar in axes.patches
    }
    grey, orange = (to_rgba(style.looks([])[name][0]) for name in ("NONE", "COMPRESSO"))
    assert bars == {
        ("LZMA", grey): pytest.approx(90.0),
        ("zlib", grey): pytest.approx(70.0),
        ("LZMA", orange): pytest.approx(1500.0),
    }
    papers = [line for line in axes.lines if line.get_label() == "the paper's"]
    assert [line.get_ydata() for line in papers] == [pytest.approx((1553.0, 1553.0))]


def test_windows_are_shown_as_they_are(monkeypatch):
    drawn = []
    monkeypatch.setattr(
        windows, "mosaic", lambda patterns, *_: drawn.append(patterns) or np.zeros((9, 9, 3))
    )
    labels = neuropil((6, 128, 128))
    statistics = window_statistics([Part("a", labels)])
    with styled():
        figure = windows.draw_windows(statistics)
    frequent, never = drawn
    counts = statistics.windows
    order = np.argsort(-counts.counts, kind="stable")[:100]
    assert sorted(codes_of(frequent)) == sorted(counts.codes[order].tolist())
    assert len(set(codes_of(never))) == 100
    assert not set(codes_of(never)) & set(counts.codes.tolist())
    assert [len(axes.images) for axes in figure.axes] == [1, 1, 0]
    curve, point = figure.axes[2].lines
    covered = 100 * counts.counts[order].sum() / counts.counts.sum()
    assert curve.get_ydata()[[99, -1]] == pytest.approx([covered, 100])
    assert (point.get_xdata()[0], point.get_ydata()[0]) == (100, pytest.approx(covered))
    assert figure.axes[0].get_xlabel() == f"{covered:.1f}% of all windows"


def codes_of(patterns):
    """Numbers of windows: voxel (y, x) is bit 8 y + x."""
    weights = 2 ** np.arange(64, dtype=np.uint64)
    return (patterns.reshape(-1, 64) * weights).sum(axis=1, dtype=np.uint64).tolist()


def test_both_directions_of_each_encoding_are_drawn():
    timings = {
        "CPSO": [Timing(10**3, 2e-6, 5e-6), Timing(10**5, 2e-4, 1e-3)],
        "CRACKLE": [Timing(10**3, 1e-6, 3e-6)],  # a single size shows no growth
    }
    with styled():
        figure = complexity.draw_complexity(timings)
    encoding, decoding = figure.axes
    assert [encoding.get_title("left"), decoding.get_title("left")] == ["Encoding", "Decoding"]
    for axes, nanoseconds, power in ((encoding, [2, 2], "1.00"), (decoding, [5, 10], "1.15")):
        (line,) = axes.lines
        assert line.get_xdata() == pytest.approx([0.001, 0.1])
        assert line.get_ydata() == pytest.approx(nanoseconds)
        assert line.get_label() == f"cpso ({power})"


def test_encoding_and_decoding_are_timed_apart(monkeypatch):
    clock = itertools.accumulate(itertools.cycle([0, 2, 7]))  # begin, encoded, decoded
    monkeypatch.setattr(complexity.time, "process_time", lambda: next(clock))
    found = complexity.timing(experiments.CPSO, np.ones((1, 8, 8), "u8"))
    assert found == Timing(64, 2, 7)


def test_groups_without_a_common_pair_have_no_winner_and_no_speeds(tmp_path):
    keep(
        tmp_path,
        measured("CPSO", "LZMA", "spl_knee", 3.0),
        measured("COMPRESSO", "LZMA", "spl_abdominal", 4.0),
    )
    found = load_results(tmp_path)
    assert winner(found.measured) is None
    assert draw_speeds(found) is None
    text = page_without_figures(tmp_path)
    assert "no pair was measured on every data set of the group" in text


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), min_size=1, unique=True))
def test_the_front_is_what_nothing_beats(places):
    found = [Point(("A", str(i)), speed, ratio) for i, (speed, ratio) in enumerate(places)]
    naive = [
        a
        for a in found
        if not any(b != a and b.speed >= a.speed and b.ratio >= a.ratio for b in found)
    ]
    assert set(pareto(found)) == set(naive)


def test_points_are_pairs_that_every_data_set_has(results):
    connectomics, others = load_results(results).groups
    assert [point.pair for point in points(connectomics, compress=True)] == [
        ("COMPRESSO", "LZMA"),
        ("CPSO", "LZMA"),
        ("NONE", "LZMA"),
    ]
    assert points(others, compress=True) == []


def test_window_statistics_are_those_of_the_stream():
    labels = neuropil((3, 50, 70))
    found = window_statistics([Part("a", labels)])
    stream = segpresso.compress(labels, "compresso-miccai")
    told = segpresso.get_codec("compresso-miccai").describe(stream)
    assert len(found.windows.codes) == told["windows"] == frequent_windows(labels).distinct
    assert found.indeterminate == told["locations"]
    assert found.sections == told["sections"]
    assert found.stream_bytes == len(stream)
    assert found.number_of_windows == 3 * 7 * 9
    assert found.covered == pytest.approx(frequent_windows(labels).shares.sum())


def test_window_statistics_add_volumes_up():
    whole = neuropil((4, 48, 48))
    parts = window_statistics(Part("part", part) for part in (whole[:1], whole[1:]))
    together = window_statistics([Part("whole", whole)])
    assert (parts.windows.codes == together.windows.codes).all()
    assert (parts.windows.counts == together.windows.counts).all()
    assert parts.voxels == together.voxels
    assert parts.sections["header"] == 2 * together.sections["header"]


def test_absent_windows_do_not_occur():
    first = absent_windows(np.zeros(0, np.uint64), 100)
    second = absent_windows(np.sort(first[:50]), 100)
    assert not np.isin(second, first[:50]).any()
    assert len(np.unique(second)) == 100


def test_a_method_that_would_take_too_long_is_not_measured_on_more(monkeypatch):
    monkeypatch.setattr(complexity, "timing", lambda method, labels: Timing(labels.size, 9.0, 9.0))
    found = {}
    for labels in (np.zeros((1, 1, 4), "u8"), np.zeros((1, 2, 4), "u8")):
        complexity.add_timings(found, ["CPSO"], labels)
    assert [timing.voxels for timing in found["CPSO"]] == [4]


def test_methods_that_are_not_installed_have_no_timings():
    found = {}
    complexity.add_timings(found, ["SOMEBODYS", "CPSO"], np.ones((1, 8, 8), "u8"))
    assert {name: len(timings) for name, timings in found.items()} == {"SOMEBODYS": 0, "CPSO": 1}


def test_results_of_several_machines_are_marked(tmp_path):
    keep(
        tmp_path,
        measured("CPSO", "LZMA", "ac4", 5.0),
        measured("CPSO", "ZLIB", "ac4", 4.0, machine={"processors": 64}),
    )
    text = page_without_figures(tmp_path)
    assert "The results are of 2 machines: their speeds do not compare" in text


def test_every_encoding_has_a_colour_of_its_own():
    names = ["NONE", "COMPRESSO", "NEUROGLANCER", *experiments.encodings()[1:], "SOMEBODYS"]
    colors = [color for color, _ in style.looks(names).values()]
    assert len(colors) == len(set(names)) == len(set(colors))


@pytest.mark.parametrize("count", [1, 4, 12])
@pytest.mark.parametrize("name", ["cpso", "compressed_segmentation, balanced"])
def test_a_legend_is_as_wide_as_the_figure_at_most(count, name):
    with styled():
        figure = style.new_figure(2)
        axes = figure.subplots()
        style.add_legend(figure, [axes.scatter(0, 0) for _ in range(count)], count * [name])
        figure.draw_without_rendering()
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == count * [name]
    assert legend.get_window_extent().x1 <= figure.bbox.width


def test_the_same_results_give_the_same_figure(results, tmp_path):
    found = load_results(results)
    with styled():
        first = save(draw_speeds(found), tmp_path, "first")
        second = save(draw_speeds(found), tmp_path, "second")
    assert first.svg == second.svg


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "[]",
        lambda text: text.replace('"ratio": 400.0', '"ratio": 0'),
        lambda text: text.replace('"ratio"', '"ration"'),
        lambda text: text.replace('"voxels": 8000', '"voxels": "many"'),
        lambda text: text.replace('"total_compress"', '"total"'),
    ],
)
def test_damaged_results_are_named(results, damage):
    path = matrix.path_of(Cell("CPSO", "LZMA", "ac4"), results)
    before = path.read_text()
    path.write_text(damage(before))
    assert path.read_text() != before
    with pytest.raises(ResultsError, match=r"CPSO_LZMA_ac4_1_all.json is damaged .*; delete it"):
        load_results(results)


def test_a_folder_and_its_packed_file_have_the_same_results(results):
    matrix.write_tables(results)
    assert load_results(results / "results.jsonl.xz") == load_results(results)
    (results / "results.jsonl.xz").write_bytes(b"something else")
    with pytest.raises(ResultsError, match=r"is not a results\.jsonl\.xz"):
        load_results(results / "results.jsonl.xz")


def test_remarks_say_which_slices_were_taken(tmp_path):
    keep(
        tmp_path,
        measured("CPSO", "LZMA", "ac4", 5.0, slices=6, slices_taken=5, remark="a crop"),
        measured("CPSO", "LZMA", "spl_brain", 5.0, slices=6, slices_taken=6, slices_plain=4),
    )
    crop, brain = load_results(tmp_path).measured
    assert (crop.slices, crop.remark) == (None, "a crop")
    assert brain.remark == "the first 6 slices, 4 of them without a boundary"


def test_half_written_files_of_a_killed_run_are_no_results(results):
    whole = load_results(results)
    (results / "cells" / ".half.json").write_text("{")
    assert load_results(results) == whole


def test_without_results_the_error_tells_how_to_make_them(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"segpresso experiment matrix -o .* makes them"):
        load_results(tmp_path)


def test_without_a_measurement_the_error_tells_why(tmp_path):
    keep(tmp_path, failed("CPSO", "BZ2", "ac4", "too slow", "not finished after 3 s"))
    with pytest.raises(ResultsError, match=r"none of the 1 cells .* not finished after 3 s"):
        load_results(tmp_path)


@pytest.mark.parametrize("module", ["jinja2", "matplotlib"])
def test_a_missing_library_is_named_before_anything_is_written(
    results, tmp_path, monkeypatch, module
):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=r"pip install 'segpresso\[experiments\]'"):
        write_report(results, tmp_path / "new" / "report.html")
    assert not (tmp_path / "new").exists()


def test_a_folder_is_not_replaced_by_a_page(results, tmp_path):
    with pytest.raises(IsADirectoryError):
        write_report(results, tmp_path)
