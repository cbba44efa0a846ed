"""Spoil a valid input as disks, editors, programs and enemies do; all drawn from one seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

WORDS: tuple[bytes, ...] = (
    *(b"", b"\0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1b[2J", b"\r", b"\n", b"\r\n", b"\x0b", b"\x85"),
    *(
        b"nan",
        b"NaN",
        b"inf",
        b"-inf",
        b"-1",
        b"0",
        b"-0.0",
        b"1e308",
        b"1e309",
        b"1e-320",
        b"9" * 40,
        b"-" + b"9" * 400,
        b"9" * 5000,
    ),
    *(b"1,5", b"1.000,5", b"1,000", b"1 000", b"0x10", b"1_000", b"1e", b"true", b"false", b"null", b"None", b"''", b'""'),
    *(b'"', b"'", b",", b";", b"\t", b"#", b"=", b"[", b"]", b"{", b"}", b"(", b")", b"\\", b"/", b"../", b"/etc/passwd", b"%s"),
    *(b"=1+1", b"{n}", b"{}", b"[[", b"]]", b"[" * 2000, b"{" * 2000, b'{"a":' * 2000, b"a" * 5000, b"((((" * 500, b"-" * 500),
    *(
        word.encode()
        for word in ("²", "١٢", "１２", "½", "\u200b", "\u202e", "\u2028", "\xa0", "−5", "µ", "μ", "é", "é", "黄连", "😀")
    ),
)
"""Snippets every door gets."""

_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_NUMBERS = (
    b"0",
    b"-1",
    b"1e308",
    b"-1e308",
    b"1e-300",
    b"nan",
    b"inf",
    b"9" * 30,
    b"0.1",
    b"1000000",
    b"2147483648",
    b"7",
    b"1.5",
)

Alteration = Callable[[random.Random, bytes, tuple[bytes, ...]], bytes]


def _flip(chances: random.Random, data: bytes, words: tuple[bytes, ...]) -> bytes:
    place, bit = chances.randrange(len(data)), 1 << chances.randrange(8)
    return data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]


def _cut(chances: random.Random, data: bytes, words: tuple[bytes, ...]) -> bytes:
    return data[: chances.randrange(len(data))]


def _remove(chances: random.Random, data: bytes, words: tuple[bytes, ...]) -> bytes:
    place = chances.randrange(len(data))
    return data[:place] + data[place + chances.choice((1, 2, 8, 64)) :]


def _insert(chances: random.Random, data: bytes, words: tuple[bytes, ...]) -> bytes:
    place = chances.randrange(len(data) + 1)
    return data[:place] + chances.choice(words) + data[place:]


def _overwrite(chances: random.Random, data: bytes, words: tuple[bytes, ...]) -> bytes:
    place, word = chances.randrange(len(data)), chances.choice(words)
    return data[:place] + word + data[place + len(word) :]


def _number(chances: random.Random, data: bytes, words: tuple[bytes, ...]) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return _flip(chances, data, words)
    one = chances.choice(found)
    return data[: one.start()] + chances.choice(_NUMBERS) + data[one.end() :]


def _value(chances: random.Random, data: bytes, words: tuple[bytes, ...]) -> bytes:
    """Put a word in the place of what stands between two separators."""
    found = list(re.finditer(rb"[^\s,;=:\[\]{}\"']+", data))
    if not found:
        return _insert(chances, data, words)
    one = chances.choice(found)
    return data[: one.start()] + chances.choice(words) + data[one.end() :]


def _swap_values(chances: random.Random, data: bytes, words: tuple[bytes, ...]) -> bytes:
    """Put one value of the input in the place of another: right words at the wrong place."""
    found = list(re.finditer(rb"[^\s,;=:\[\]{}]+", data))
    if len(found) < 2:
        return _flip(chances, data, words)
    one, other = chances.choice(found), chances.choice(found)
    return data[: one.start()] + other.group() + data[one.end() :]


def _lines(chances: random.Random, data: bytes, words: tuple[bytes, ...]) -> bytes:
    """Remove, repeat or move a line."""
    lines = data.split(b"\n")
    line = lines.pop(chances.randrange(len(lines)))
    for _ in range(chances.choice((0, 1, 2))):
        lines.insert(chances.randrange(len(lines) + 1), line)
    return b"\n".join(lines)


def _repeat(chances: random.Random, data: bytes, words: tuple[bytes, ...]) -> bytes:
    place, length = chances.randrange(len(data)), chances.choice((1, 4, 30, 200))
    return data[:place] + data[place : place + length] * chances.choice((2, 3, 50)) + data[place + length :]


def _encoding(chances: random.Random, data: bytes, words: tuple[bytes, ...]) -> bytes:
    """Write the text in another encoding."""
    text = data.decode("utf-8", errors="replace")
    name = chances.choice(("utf-16", "utf-16-be", "utf-32", "cp1252", "gb18030", "big5", "utf-8-sig", "shift-jis", "utf-7"))
    return text.encode(name, errors="replace")


def _line_ends(chances: random.Random, data: bytes, words: tuple[bytes, ...]) -> bytes:
    return data.replace(b"\n", chances.choice((b"\r", b"\r\n", b"\n\n", b"\n\r", b"\x0b", b"\x0c", "\u2028".encode())))


_OF_TEXT: tuple[Alteration, ...] = (
    _number,
    _number,
    _value,
    _value,
    _swap_values,
    _lines,
    _lines,
    _insert,
    _repeat,
    _encoding,
    _line_ends,
)
_OF_BYTES: tuple[Alteration, ...] = (_flip, _flip, _cut, _remove, _insert, _overwrite, _repeat)


def altered(seed: str, valid: bytes, words: tuple[bytes, ...] = ()) -> bytes:
    """Return ``valid`` after one to four alterations that the text ``seed`` decides."""
    chances = random.Random(seed)
    every = (*WORDS, *words * 4)
    is_text = b"\0" not in valid[:4000]
    kinds = (*_OF_TEXT, *_OF_BYTES) if is_text else _OF_BYTES
    data = valid
    for _ in range(chances.choice((1, 1, 1, 2, 3, 4))):
        data = chances.choice(kinds)(chances, data, every) if data else chances.choice(every)
    return data
