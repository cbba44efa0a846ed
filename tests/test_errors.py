import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from coculture.errors import CocultureError, DataError, FileError, InputError, MissingExtraError, Problem

KINDS = [CocultureError, InputError, FileError, DataError, MissingExtraError]
TWO = (Problem("the dose is negative", "map.csv, line 3", "give 0 or more"), Problem("no controls"))


def _fail(kind: type[CocultureError]) -> None:
    raise kind(TWO)


@pytest.mark.parametrize("kind", KINDS)
def test_errors_survive_pickling(kind: type[CocultureError]) -> None:
    error = pickle.loads(pickle.dumps(kind("what", "where", "remedy")))
    assert type(error) is kind
    assert error.problems == (Problem("what", "where", "remedy"),)
    assert str(error) == "where: what\n  → remedy"


def test_errors_cross_from_a_worker_whole() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        for kind in KINDS:
            error = pool.submit(_fail, kind).exception()
            assert type(error) is kind
            assert error.problems == TWO


@pytest.mark.parametrize("kind", KINDS)
def test_all_problems_are_shown(kind: type[CocultureError]) -> None:
    assert str(kind(TWO)) == "map.csv, line 3: the dose is negative\n  → give 0 or more\nno controls"
    assert str(kind(TWO[1])) == "no controls"
    assert kind(iter(TWO)).problems == TWO


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [(InputError, ValueError), (FileError, OSError), (DataError, ValueError), (MissingExtraError, ImportError)],
)
def test_each_is_also_the_builtin_of_its_kind(kind: type[CocultureError], builtin: type[Exception]) -> None:
    with pytest.raises(builtin) as caught:
        raise kind("what")
    assert isinstance(caught.value, CocultureError)


def test_a_missing_extra_names_the_command() -> None:
    error = MissingExtraError.for_extra("cellpose", "cellpose", "The Cellpose segmenter")
    assert str(error) == (
        "The Cellpose segmenter needs the library 'cellpose', which is not installed\n  → pip install 'coculture[cellpose]'"
    )


def test_what_a_terminal_would_obey_is_shown_as_its_code() -> None:
    told = str(InputError("found '\x1b[2J\u202e\ud800\u2028'", "黄\u3000连\xa0.csv", "one\ntwo\tthree"))
    assert told == "黄\u3000连\xa0.csv: found '\\x1b[2J\\u202e\\ud800\\u2028'\n  → one\ntwo\tthree"
    told.encode()


def test_a_file_wrong_throughout_is_told_of_in_a_page() -> None:
    error = InputError(Problem(f"fault {number}") for number in range(500))
    assert len(error.problems) == 50
    assert [problem.what for problem in error.problems[-2:]] == ["fault 48", "and 451 more problems"]
    assert pickle.loads(pickle.dumps(error)).problems == error.problems
    assert len(InputError(Problem(f"fault {number}") for number in range(50)).problems) == 50
    assert InputError(Problem(f"fault {number}") for number in range(50)).problems[-1].what == "fault 49"
