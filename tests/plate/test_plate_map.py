import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from tests.cases.plates import TWO_BY_THREE_CSV, two_by_three

from coculture.errors import FileError, InputError
from coculture.plate.layout import Layout
from coculture.plate.plate_map import PLATE_MAP_COLUMNS, PlateMap, read_plate_map, write_plate_map
from coculture.plate.treatment import Part, Treatment

Reader = Callable[..., PlateMap]
SIX = Layout.of(6)


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Write a text as map.csv and read it as a plate map."""

    def reader(text: str, layout: Layout = SIX, name: str = "map.csv", **options: dict[str, str]) -> PlateMap:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_plate_map(path, layout=layout, **options)

    return reader


def test_the_tiny_plate(read: Reader) -> None:
    plate_map = read(TWO_BY_THREE_CSV)
    pd.testing.assert_frame_equal(plate_map.wells, two_by_three().wells)
    assert list(plate_map.wells.columns) == list(PLATE_MAP_COLUMNS)
    assert plate_map.wells["replicate"].tolist() == [1, 1, 1, 1, 2, 2]
    assert plate_map.ignored_columns == ()


def test_looking_wells_up() -> None:
    plate_map = two_by_three()
    assert plate_map.plates == ["P1"]
    assert plate_map.wells_of("P1") == ["A01", "A02", "A03", "B01", "B02", "B03"]
    assert plate_map.wells_of("P2") == []
    assert plate_map.treatment("P1", "a2") == Treatment((Part("wortmannin", 1, "uM"),))
    assert plate_map.treatment("P1", "A01") == Treatment()
    assert plate_map.row("P1", "r1c1")["compound"] == "DMSO"
    assert ("P1", "A01") in plate_map
    assert ("P1", "C01") not in plate_map


def test_looking_up_what_is_not_there() -> None:
    plate_map = two_by_three()
    with pytest.raises(InputError, match=r"well A01 of plate 'P9' is not in the plate map\n.*the plates are: P1"):
        plate_map.treatment("P9", "A01")
    part = PlateMap(plate_map.wells.iloc[:2].reset_index(drop=True), SIX)
    with pytest.raises(InputError, match=r"well B03 .*\n.*add the well"):
        part.row("P1", "B03")
    with pytest.raises(InputError, match="not the name of a well"):
        part.row("P1", "?")


def test_a_plate_map_crosses_processes() -> None:
    plate_map = pickle.loads(pickle.dumps(two_by_three()))
    assert plate_map.treatment("P1", "B03").text == "wortmannin 10 uM"


@pytest.mark.parametrize("name", ["map.csv", "map.tsv", "map.xlsx", "MAP.CSV"])
def test_written_maps_read_back_equal(tmp_path: Path, name: str, read: Reader) -> None:
    plate_map = read(
        "plate,well,role,treatment,batch,donor,condition\n"
        "P10,A1,treatment,TNF 20 ng/mL from 1 h to 4 h + x 0.1 nM,b 1,CLL_1,co\n"
        "P2,A1,treatment,Vitamin D + Ibrutinib 4.5 uM,b 2,CLL_1,mono\n"
        'P2,A2,negative,,"b, 3",CLL_1,mono\n',
    )
    assert plate_map.plates == ["P2", "P10"]
    write_plate_map(plate_map, tmp_path / name)
    again = read_plate_map(tmp_path / name, layout=SIX)
    pd.testing.assert_frame_equal(again.wells, plate_map.wells)


@pytest.mark.parametrize("name", ["map.csv", "map.tsv", "map.xlsx"])
def test_a_written_map_holds_no_formula(tmp_path: Path, name: str, read: Reader) -> None:
    plate_map = read(
        "plate,well,role,compound,dose,dose_unit,batch,donor\nP1,A1,treatment,=1+1,1,uM,-x,''y\nP1,A2,negative,,,,@SUM(1),a;=2\n"
    )
    write_plate_map(plate_map, tmp_path / name)
    again = read_plate_map(tmp_path / name, layout=SIX)
    pd.testing.assert_frame_equal(again.wells, plate_map.wells)
    if name.endswith("xlsx"):
        cells = [cell for row in openpyxl.load_workbook(tmp_path / name).worksheets[0] for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
        assert "=1+1" in [cell.value for cell in cells]
    else:
        text = (tmp_path / name).read_text()
        assert "'=1+1" in text
        assert "a;'=2" in text


def test_a_map_is_not_written_as_something_else(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"cannot be written as '.json'\n.*\.csv, \.tsv or \.xlsx"):
        write_plate_map(two_by_three(), tmp_path / "map.json")
    with pytest.raises(FileError, match="cannot be written"):
        write_plate_map(two_by_three(), tmp_path / "nowhere" / "map.csv")


class TestColumns:
    def test_mapped_headers(self, read: Reader) -> None:
        plate_map = read(
            "Barcode;Position;Type;Drug;Conc [nM];Patient;Remark\n1;a1;DMSO;;;CLL_1;ok\n1;a2;sample;wortmannin;150,5;CLL_1;\n",
            columns={
                "plate": "Barcode",
                "well": "Position",
                "role": "type",
                "compound": "Drug",
                "dose": "Conc [nM]",
                "donor": "Patient",
            },
            roles={"DMSO": "negative", "sample": "treatment"},
            defaults={"dose_unit": "nM"},
        )
        assert plate_map.wells["treatment"].tolist() == ["", "wortmannin 0.1505 uM"]
        assert plate_map.wells["donor"].tolist() == ["CLL_1", "CLL_1"]
        assert plate_map.ignored_columns == ("Remark",)

    @pytest.mark.parametrize("rows", ["A,1\nB,3", "1,1\n2,3", "a,01\nb,003"])
    def test_row_and_column_in_place_of_well(self, read: Reader, rows: str) -> None:
        plate_map = read("Row,Column\n" + rows, defaults={"plate": "P", "role": "untreated"})
        assert plate_map.wells["well"].tolist() == ["A01", "B03"]

    def test_rows_and_columns_that_name_no_well(self, read: Reader) -> None:
        with pytest.raises(InputError) as caught:
            read("Row,Column\nA,1.5\nA,\n?,3\nA,B\nA,1\n", defaults={"plate": "P", "role": "untreated"})
        assert "lines 2, 3, 4 and 1 more, column 'Row' and 'Column'" in str(caught.value)
        assert "not the name of a well: 'A/1.5', 'A/?', '?/3', 'A/B'" in str(caught.value)

    def test_chips(self, read: Reader) -> None:
        text = "plate,row,column,role\nC,4,8,untreated\nC,1,3,untreated\n"
        assert read(text, layout=Layout.of("chip 4x8")).wells["well"].tolist() == ["C01U03", "C04U08"]

    def test_one_header_for_two_things(self, read: Reader) -> None:
        plate_map = read(
            "plate,well,compound,dose\nP,A1,DMSO,0\nP,A2,Vitamin D + Ibrutinib,4.5\n",
            columns={"role": "compound"},
            roles={"DMSO": "negative", "*": "treatment"},
            defaults={"dose_unit": "uM"},
        )
        assert plate_map.wells["role"].tolist() == ["negative", "treatment"]
        assert plate_map.wells["compound"].tolist() == ["DMSO", "Vitamin D + Ibrutinib"]
        assert len(plate_map.treatment("P", "A2").parts) == 1

    def test_several_compounds(self, read: Reader) -> None:
        joined = read("plate,well,role,compound,dose,dose_unit\nP,A1,treatment,a + b,1 + 500,uM + nM\n")
        beside = read(
            "plate,well,role,compound,dose,dose_unit,compound_2,dose_2,dose_unit_2\nP,A1,treatment,a,1,uM,b,0.5,uM\n",
        )
        assert joined.wells.loc[0, "treatment"] == beside.wells.loc[0, "treatment"] == "a 1 uM + b 0.5 uM"

    def test_order_of_parts_does_not_make_two_treatments(self, read: Reader) -> None:
        plate_map = read("plate,well,role,treatment\nP,A1,treatment,b 1 uM + a 2 uM\nP,A2,treatment,a 2 uM + b 1 uM\n")
        assert plate_map.wells["treatment"].tolist() == ["b 1 uM + a 2 uM"] * 2
        assert plate_map.wells["replicate"].tolist() == [1, 2]

    def test_defaults_fill_empty_cells_but_not_controls(self, read: Reader) -> None:
        plate_map = read(
            "plate,well,role,compound\nP,A1,negative,DMSO\nP,A2,treatment,x\n",
            defaults={"dose": "10", "dose_unit": "uM", "batch": "1"},
        )
        assert plate_map.wells["treatment"].tolist() == ["", "x 10 uM"]
        assert plate_map.wells["batch"].tolist() == ["1", "1"]

    def test_units_in_the_cell(self, read: Reader) -> None:
        assert read("plate,well,role,compound,dose\nP,A1,treatment,x,5 nM\n").wells.loc[0, "treatment"] == "x 0.005 uM"

    def test_ways_of_writing_nothing(self, read: Reader) -> None:
        plate_map = read("plate,well,role,compound,dose,donor\nP,A1,negative,NA,nan,N/A\nP,A2,blank,,#N/A,null\n")
        assert plate_map.wells["compound"].tolist() == ["", ""]
        assert plate_map.wells["donor"].tolist() == ["", ""]
        assert plate_map.wells["dose"].tolist() == [0.0, 0.0]

    def test_replicates_given_are_kept(self, read: Reader) -> None:
        plate_map = read("plate,well,role,replicate\nP,A1,untreated,3\nP,A2,untreated,1.0\n")
        assert plate_map.wells["replicate"].tolist() == [3, 1]

    def test_replicates_are_counted_in_the_order_of_the_plate(self, read: Reader) -> None:
        plate_map = read("plate,well,role,donor\nP10,A1,untreated,x\nP2,B1,untreated,x\nP2,A1,untreated,x\nP2,A2,untreated,y\n")
        assert plate_map.wells[["plate", "well", "replicate"]].to_numpy().tolist() == [
            ["P2", "A01", 1],
            ["P2", "A02", 1],
            ["P2", "B01", 2],
            ["P10", "A01", 3],
        ]


HEADER = "plate,well,role,compound,dose,dose_unit,replicate,condition\n"
GOOD = "P,A1,negative,,,,,\n"

FAULTS = {
    "well": ("P,Q7,untreated,,,,,", "line 3, column 'well': outside the layout (6 wells): well 'Q7'", "named A01 to B03"),
    "well number": ("P,13,untreated,,,,,", "not the name of a well: '13'", "give row and column"),
    "well missing": ("P,,untreated,,,,,", "line 3, column 'well': the name of the well is missing", "fill the cell"),
    "plate missing": (",A2,untreated,,,,,", "line 3, column 'plate': the name of the plate is missing", "fill the cell"),
    "twice": (
        "P,a01,untreated,,,,,",
        "lines 2, 3, column 'well': several rows for one well of plate 'P': 'A01'",
        "one row a well",
    ),
    "role": (
        "P,A2,vehicle,,,,,",
        "line 3, column 'role': unknown role: 'vehicle'",
        "negative, positive, untreated, blank, treatment, reference",
    ),
    "role missing": ("P,A2,,,,,,", "line 3, column 'role': the role is missing", "fill the cell"),
    "no unit": ("P,A2,treatment,x,5,,,", "column 'dose': no unit is given for the dose of 'x'", "defaults: dose_unit = 'uM'"),
    "unknown unit": ("P,A2,treatment,x,5,%,,", "column 'dose_unit': not the unit of a dose: '%'", "pM, nM, uM"),
    "vehicle's dose": ("P,A2,negative,DMSO,0.1,%,,", "not the unit of a dose: '%'", "leave the dose of a vehicle empty"),
    "negative dose": ("P,A2,treatment,x,-5,uM,,", "column 'dose': negative dose: '-5'", "0 or more"),
    "dose text": ("P,A2,treatment,x,high,uM,,", "column 'dose': not a number: 'high'", "give a number"),
    "dose comma": ('P,A2,treatment,x,"1,000",uM,,', "a comma that may separate thousands or decimals: '1,000'", "with a point"),
    "dose NaN": ("P,A2,treatment,x,NaN,uM,,", "column 'compound': no dose is given for 'x'", "defaults: dose = ..."),
    "no compound": ("P,A2,treatment,,5,uM,,", "column 'dose': a dose without a compound: '5'", "name the compound"),
    "nothing dosed": ("P,A2,treatment,x,0,uM,,", "nothing is dosed in a well with the role 'treatment'", "role negative"),
    "untreated dosed": ("P,A2,untreated,x,1,uM,,", "'x 1 uM' is dosed in a well with the role 'untreated'", "take the dose out"),
    "two units": ("P,A2,treatment,x,1 uM,nM,,", "the dose is in another unit than 'nM': '1 uM'", "in one place"),
    "lists": ("P,A2,treatment,a + b,1 + 2 + 3,uM,,", "'a + b' names 2 compounds, '1 + 2 + 3' holds 3 doses", "one dose to each"),
    "same twice": ("P,A2,treatment,a + a,1 + 2,uM,,", "'a' is dosed twice at 0 min", "add the doses up"),
    "replicate": (
        "P,A2,untreated,,,,0,\nP,A3,untreated,,,,1,",
        "column 'replicate': not the number of a replicate: '0'",
        "count 1, 2, 3",
    ),
    "replicate text": ("P,A2,untreated,,,,first,", "not the number of a replicate: 'first'", "leave the column out"),
    "replicate gap": (
        "P,A2,untreated,,,,1,",
        "line 2, column 'replicate': some wells have the number of their replicate",
        "fill the cell",
    ),
    "capitals": (
        "P,A2,treatment,Wort,1,uM,,\nP,A3,treatment,wort,1,uM,,",
        "line 4, column 'compound': 'Wort' and 'wort' differ only in capitals or blanks",
        "one spelling",
    ),
    "condition capitals": (
        "P,A2,untreated,,,,,co\nP,A3,untreated,,,,,Co",
        "'co' and 'Co' differ only in capitals",
        "one spelling",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_of_a_row_has_its_message(read: Reader, fault: str) -> None:
    rows, what, remedy = FAULTS[fault]
    with pytest.raises(InputError) as caught:
        read(HEADER + GOOD + rows + "\n")
    found = [str(problem) for problem in caught.value.problems]
    assert any(what in text and remedy in text for text in found), found
    assert all(text.startswith("map.csv") for text in found)


def test_all_faults_are_told_at_once_and_alike_ones_together(read: Reader) -> None:
    rows = ["P,A1,vehicle,,,,,", "P,A2,solvent,,,,,", "P,A3,treatment,x,-5,uM,,", "P,B1,treatment,x,-6,uM,,", "P,Z1,blank,,,,,"]
    with pytest.raises(InputError) as caught:
        read(HEADER + "\n".join(rows))
    assert [str(problem).splitlines()[0] for problem in caught.value.problems] == [
        "map.csv, lines 2, 3, column 'role': unknown role: 'vehicle', 'solvent'",
        "map.csv, lines 4, 5, column 'dose': negative dose: '-5', '-6'",
        "map.csv, line 6, column 'well': outside the layout (6 wells): well 'Z1'",
    ]


def test_a_long_list_is_cut_and_counted(read: Reader) -> None:
    rows = [f"P,A1,treatment,a{number} + b,1 + 2 + 3,uM,," for number in range(30)]
    with pytest.raises(InputError) as caught:
        read(HEADER + "\n".join(rows))
    assert len(caught.value.problems) == 21
    assert caught.value.problems[-1].what == "and 11 more problems"


def test_treatment_and_columns_must_agree(read: Reader) -> None:
    header = "plate,well,role,treatment,compound,dose,dose_unit\n"
    assert read(header + "P,A1,treatment,x 150 nM,x,0.15,uM\n").wells.loc[0, "dose"] == 0.15
    with pytest.raises(InputError, match=r"column 'compound': the treatment 'x 1 uM' and the compound 'y' are not the same"):
        read(header + "P,A1,treatment,x 1 uM,y,1,uM\n")
    with pytest.raises(InputError, match=r"column 'dose': the treatment 'x 1 uM' and the dose 2 uM are not the same"):
        read(header + "P,A1,treatment,x 1 uM,x,2,uM\n")
    with pytest.raises(InputError, match=r"column 'treatment': cannot read the treatment 'x'"):
        read(header + "P,A1,treatment,x,,,\n")


@pytest.mark.parametrize(
    ("header", "options", "message"),
    [
        ("well,role", {}, "no column says which plate a well lies on\n.*defaults: plate = .*headers: well, role"),
        ("plate,role", {}, "no column says which well a row is about\n.*columns: well"),
        ("plate,row,role", {}, "no column says which well a row is about\n"),
        ("plate,Zeile,role", {"columns": {"row": "Zeile"}}, "a well needs its row and its column\n"),
        ("plate,well", {}, "no column says what a well is for\n.*defaults: role"),
        ("plate,well,role", {"columns": {"compund": "x"}}, "unknown name 'compund' in columns\n.*did you mean 'compound'"),
        ("plate,well,role", {"defaults": {"unit": "uM"}}, "unknown name 'unit' in defaults\n.*the names are: plate, well"),
        ("plate,well,role", {"defaults": {"well": "A1"}}, "there is no default for well\n"),
        (
            "plate,well,role,Drugs",
            {"columns": {"compound": "Drug"}},
            "no column 'Drug' .asked for as compound.\n.*did you mean 'Drugs'",
        ),
        (
            "plate,well,role",
            {"roles": {"dmso": "vehicle"}},
            "roles says 'dmso' = 'vehicle', which is not a role\n.*negative, positive",
        ),
    ],
)
def test_faults_of_the_columns(read: Reader, header: str, options: dict[str, dict[str, str]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(header + "\n" + ",".join("A1" for _ in header.split(",")) + "\n", **options)


def test_headers_without_wells(read: Reader) -> None:
    with pytest.raises(InputError, match=r"has headers and no wells\n.*one row a well"):
        read("plate,well,role\n")


class TestRealFiles:
    def test_translocation_plate(self, shared_data: Path) -> None:
        plate_map = read_plate_map(
            shared_data / "translocation_plate" / "1049_Metadata.csv",
            layout=Layout.of(96),
            columns={"row": "Row", "column": "Column", "role": "SBS_Controls", "dose": "SBS_Doses"},
            roles={"-1": "negative", "0": "treatment", "1": "positive"},
            defaults={"plate": "bbbc013", "dose_unit": "step", "compound": "by row"},
        )
        wells = plate_map.wells
        assert plate_map.wells_of("bbbc013") == Layout.of(96).wells()
        assert plate_map.ignored_columns == ("ImageNumber",)
        assert wells.loc[wells["role"] == "treatment", "dose"].value_counts().to_dict() == dict.fromkeys(range(1, 10), 8)
        assert (wells.loc[wells["role"] == "negative", "treatment"] == "").all()
        assert plate_map.treatment("bbbc013", "A05").text == "by row 3 step"

    def test_translocation_plate_says_what_it_lacks(self, shared_data: Path) -> None:
        with pytest.raises(InputError) as caught:
            read_plate_map(
                shared_data / "translocation_plate" / "1049_Metadata.csv",
                layout=Layout.of(96),
                columns={"row": "Row", "column": "Column", "role": "SBS_Controls", "dose": "SBS_Doses"},
                roles={"-1": "negative", "0": "treatment", "1": "positive"},
                defaults={"plate": "bbbc013", "dose_unit": "step"},
            )
        assert len(caught.value.problems) == 1
        assert "a dose without a compound: '1', '2', '3', '4' and 6 more" in str(caught.value)

    def test_leukaemia_table(self, shared_data: Path) -> None:
        plate_map = read_plate_map(
            shared_data / "coculture_leukemia" / "drugresponse.tsv",
            layout=Layout.of(384),
            columns={"role": "Drug", "compound": "Drug", "dose": "Concentration", "condition": "Culture", "donor": "patientID"},
            roles={"DMSO": "negative", "*": "treatment"},
            defaults={"dose_unit": "uM"},
        )
        wells = plate_map.wells
        assert (len(wells), len(plate_map.plates), wells["donor"].nunique()) == (39430, 114, 108)
        assert wells.loc[wells["role"] == "treatment", "compound"].nunique() == 50
        assert np.isfinite(wells["dose"]).all()


class TestGrids:
    TEXT = (
        "compound,1,2,3\nA,DMSO,wort,wort\nB,,LY,\n\n"
        "dose,1,2,3\nA,,1,2\nB,,5,\n\n"
        "role,1,2,3\nA,negative,treatment,treatment\nB,,treatment,\n"
    )
    DEFAULTS = {"plate": "P", "dose_unit": "uM"}  # noqa: RUF012

    def test_a_map_drawn_as_the_plate(self, read: Reader) -> None:
        plate_map = read(self.TEXT, defaults=self.DEFAULTS)
        assert plate_map.wells["well"].tolist() == ["A01", "A02", "A03", "B02"]
        assert plate_map.wells["treatment"].tolist() == ["", "wort 1 uM", "wort 2 uM", "LY 5 uM"]

    def test_faults_name_the_row_and_the_grid(self, read: Reader) -> None:
        with pytest.raises(InputError, match=r"map.csv, line 3, column 'dose': negative dose: '-5'"):
            read(self.TEXT.replace("5", "-5"), defaults=self.DEFAULTS)

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("dose,1", ",1", r"line 5: a grid does not say what it holds\n.*top-left cell: compound, dose, role"),
            ("dose,1", "compound,1", r"line 5: two grids hold 'compound'\n"),
            ("B,,5,", "C,,5,", r"line 7: outside the layout \(6 wells\): well 'C2'"),
            ("dose,1,2,3", "dose,1,2,4", r"line 6: outside the layout \(6 wells\): well 'A4'"),
        ],
    )
    def test_grids_that_cannot_be_read(self, read: Reader, old: str, new: str, message: str) -> None:
        with pytest.raises(InputError, match=message):
            read(self.TEXT.replace(old, new), defaults=self.DEFAULTS)


@pytest.mark.parametrize("donor", ['a "\n', "-x |", "'s \t"])
def test_a_text_whose_mark_stands_before_its_last_blank_comes_back(donor: str, tmp_path: Path) -> None:
    plate_map = PlateMap(two_by_three().wells.assign(donor=donor), SIX)
    write_plate_map(plate_map, tmp_path / "map.csv")
    assert set(read_plate_map(tmp_path / "map.csv", layout=SIX).wells["donor"]) == {donor.strip()}


@pytest.mark.parametrize("donor", ["bell \x07", "x" * 32_768])
def test_a_text_that_no_workbook_can_hold_is_refused(donor: str, tmp_path: Path) -> None:
    plate_map = PlateMap(two_by_three().wells.assign(donor=donor), SIX)
    with pytest.raises(InputError, match="no cell of a workbook can hold"):
        write_plate_map(plate_map, tmp_path / "map.xlsx")
    assert not (tmp_path / "map.xlsx").exists()
