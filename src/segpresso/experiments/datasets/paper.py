"""The eleven data sets of the Compresso paper (Matejek et al., MICCAI 2017, table 1).

Each can be kept as its authors distribute it, or as one ``NAME.npy.xz``. Image sets are looked for
as one volume first; as distributed, each file is a volume. Of the paper's ratios
those are here that have been compared with a measurement.
"""

from __future__ import annotations

from segpresso.experiments.datasets.base import DataSet, Layout

_KASTHURI = "Kasthuri et al., Saturated reconstruction of a volume of neocortex, Cell 2015"
_CREMI = "Funke et al., MICCAI challenge on circuit reconstruction from EM images (CREMI), 2016"
_CREMI_KEY = "volumes/labels/neuron_ids"
_SPL_LICENCE = "3D Slicer licence, section B"


def _spl(name: str, title: str, what: str, ratios: dict[str, float]) -> DataSet:
    repository = name.replace("_", "-") + "-atlas"
    return DataSet(
        name=name,
        title=title,
        connectomics=False,
        description=what,
        citation=f"Surgical Planning Laboratory, {title}; its authors stand in the repository",
        source=f"https://github.com/mhalle/{repository}",
        licence=_SPL_LICENCE,
        layouts=(
            Layout(f"{name}.nrrd"),
            Layout(f"{repository}/**/*.nrrd"),
            Layout(f"MRI/{name}.h5", "main"),
            Layout(f"{name}.npy.xz"),
        ),
        paper={(encoding, "LZMA"): ratio for encoding, ratio in ratios.items()},
    )


def _cremi(sample: str, ratios: dict[tuple[str, str], float]) -> DataSet:
    crop = Layout(
        f"cremi{sample}_crop_neuron_ids.npy.xz",
        remark="a crop of 5 sections; the paper has 125 of an automatic segmentation",
    )
    return DataSet(
        name=f"cremi_{sample.lower()}",
        title=f"CREMI {sample}",
        connectomics=True,
        description="125 sections of fly brain, 1250 x 1250 voxels of 4 x 4 x 40 nm",
        citation=_CREMI,
        source="https://cremi.org/data",
        licence="CREMI's terms",
        layouts=(
            Layout(f"sample_{sample}_2016*.hdf", _CREMI_KEY),
            Layout(f"cremi_{sample.lower()}.h5", "main"),
            crop,
        ),
        paper=ratios,
    )


def _kasthuri(
    name: str, title: str, what: str, ratios: dict[tuple[str, str], float], *crops: Layout
) -> DataSet:
    return DataSet(
        name=name,
        title=title,
        connectomics=True,
        description=what,
        citation=_KASTHURI,
        source="https://openconnectomeproject.org/kasthuri11",
        licence="the authors' terms",
        layouts=(
            Layout(f"{name}/rhoana/{name}_rhoana.h5", "main"),
            Layout(f"{name}/gold/{name}_gold.h5", "main"),
            Layout(f"{name}.h5", "main"),
            Layout(f"{name}.npy.xz"),
            *crops,
        ),
        paper=ratios,
    )


PAPER = (
    _kasthuri("ac3", "AC3", "sections of mouse cortex, 6 x 6 x 30 nm", {}),
    _kasthuri(
        "ac4",
        "AC4",
        "sections of mouse cortex, 6 x 6 x 30 nm",
        {("COMPRESSO", "LZMA"): 701.0},
        Layout(
            "ac4_crop_gt.npy.xz",
            remark="ground truth of 10 sections; the paper has 100 of an automatic segmentation",
        ),
    ),
    _kasthuri("l_cylinder", "L. Cylinder", "the left cylinder of mouse cortex", {}),
    _cremi("A", {}),
    _cremi("B", {("COMPRESSO", "LZMA"): 1239.0}),
    _cremi("C", {}),
    _spl(
        "spl_brain",
        "SPL Brain Atlas",
        "regions of a human head, MRI",
        {"COMPRESSO": 636.0, "NEUROGLANCER": 724.0},
    ),
    _spl(
        "spl_knee",
        "SPL Knee Atlas",
        "bones and muscles of a human knee, MRI",
        {"COMPRESSO": 1553.0},
    ),
    _spl(
        "spl_abdominal",
        "SPL Abdominal Atlas",
        "organs of a human abdomen, CT",
        {"COMPRESSO": 480.0},
    ),
    DataSet(
        name="bsd500",
        title="BSD500",
        connectomics=False,
        description="2696 segmentations of 500 photographs by several people each",
        citation="Arbelaez et al., Contour detection and hierarchical segmentation, PAMI 2011",
        source="https://github.com/BIDS/BSDS500",
        licence="for research",
        layouts=(
            Layout("bsd500_stack.npy.xz", remark="one volume, portraits transposed"),
            Layout("BSDS500/data/groundTruth/**/*.mat"),
            Layout("BSR/BSDS500/data/groundTruth/**/*.mat"),
        ),
        paper={("COMPRESSO", "LZMA"): 1188.0},
    ),
    DataSet(
        name="voc2012",
        title="PASCAL VOC 2012",
        connectomics=False,
        description="class maps of 2913 photographs of varying size",
        citation="Everingham et al., The PASCAL visual object classes challenge, IJCV 2015",
        source="http://host.robots.ox.ac.uk/pascal/VOC/voc2012",
        licence="PASCAL VOC's terms",
        layouts=(
            Layout(
                "voc2012_class_stack*.npy.xz",
                remark="one volume of the 1423 that have 375 x 500 pixels, portraits transposed",
            ),
            Layout("VOCdevkit/VOC2012/SegmentationClass/*.png"),
            Layout("voc2012_segclass.h5", "*"),
        ),
        paper={("COMPRESSO", "LZMA"): 2217.0},
    ),
)
