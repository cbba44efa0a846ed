from __future__ import annotations

from coculture.typed_file.key_lines import key_lines, line_of

TEXT = """
[[cell]]
name = "a"
[cell.volume]
total = 1
[[cell.phase]]
name = "x"

[[cell]]
name = "b"
[cell.volume]
total = 2
[[cell.phase]]
name = "y"
[[cell.phase]]
name = "z"
[other.volume]
total = 3
"""


def test_keys_below_a_table_of_an_array_carry_its_position():
    lines = key_lines(TEXT)
    assert lines["cell", 0, "volume", "total"] == 5
    assert lines["cell", 1, "volume", "total"] == 12
    assert lines["cell", 1, "phase", 1, "name"] == 16
    assert lines["cell", 0, "phase", 0, "name"] == 7
    assert lines["other", "volume", "total"] == 18


def test_the_nearest_table_stands_in_for_a_key_that_is_not_listed():
    assert line_of(("cell", 1, "volume", "nucleus"), key_lines(TEXT)) == 11
    assert line_of(("nothing",), key_lines(TEXT)) is None
