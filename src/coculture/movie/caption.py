"""What is written around a picture: above it the well and the time, below it the types, the scale and the solute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw

from coculture.movie.colours import FAINT, INK, PAPER, Colour, medium_colours
from coculture.movie.encoders.base import Frame
from coculture.movie.fonts import font_for, unwritten

LINE = 26
"""Height of a line of text, pixels."""

LEAST_WIDTH = 420
HOW_TO_WRITE = "install one that has them, such as Noto Sans CJK (Debian, Ubuntu: apt install fonts-noto-cjk), and make it again"
_NICE = (1.0, 2.0, 5.0)


@dataclass(frozen=True)
class Solute:
    """The solute that is shown.

    Attributes
    ----------
    name : its name.
    most_um : the concentration that has the strongest colour.
    """

    name: str
    most_um: float


@dataclass(frozen=True)
class Caption:
    """What is the same on every picture of a movie.

    Attributes
    ----------
    title : the well and what it was given.
    pixels_per_um : size of the picture.
    key : name and colour of what is shown, in order.
    solute : the solute shown, None without one.
    """

    title: str
    pixels_per_um: float
    key: tuple[tuple[str, Colour], ...]
    solute: Solute | None = None
    _rows: list[str] = field(init=False, default_factory=list)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know: characters that are boxes, for want of a font."""
        lost = unwritten(self.title, *(name for name, _ in self.key), self.solute.name if self.solute is not None else "")
        return (f"no font of this machine has {lost}: they are boxes in the movie; {HOW_TO_WRITE}",) if lost else ()

    def around(self, picture: Frame, t_min: float, counts: Sequence[int | None]) -> Frame:
        """Return the picture with its caption.

        Parameters
        ----------
        picture : (Y, X, 3).
        t_min : its time.
        counts : how many there are of each entry of the key now; None where it is not counted.
        """
        height, width = picture.shape[:2]
        full = max(width, LEAST_WIDTH)
        rows = self._laid_out(full, counts)
        sheet = Image.new("RGB", (full, height + LINE + LINE * (len(rows) + 1)), PAPER)
        sheet.paste(Image.fromarray(picture), ((full - width) // 2, LINE))
        pen = ImageDraw.Draw(sheet)
        when = f"{int(t_min // 60)} h {int(t_min % 60):02d} min"
        room = full - 24 - pen.textlength(when, font=font_for(when))
        pen.text((8, LINE / 2), _cut(pen, self.title, room), INK, font=font_for(self.title), anchor="lm")
        pen.text((full - 8, LINE / 2), when, INK, font=font_for(when), anchor="rm")
        for number, row in enumerate(rows):
            self._key_row(pen, row, height + LINE * (number + 1) + LINE / 2)
        self._scales(sheet, pen, width, height + LINE * (len(rows) + 1) + LINE / 2)
        return np.asarray(sheet, np.uint8)

    def _laid_out(self, width: int, counts: Sequence[int | None]) -> list[list[tuple[float, str, Colour]]]:
        """Return the rows of the key: where each entry begins, its text and its colour."""
        rows: list[list[tuple[float, str, Colour]]] = [[]]
        left = 8.0
        for (name, colour), count in zip(self.key, counts, strict=True):
            text = name if count is None else f"{name} {count}"
            widest = font_for(name).getlength(name if count is None else f"{name} 00000")
            if left > 8 and left + 18 + widest > width:
                rows.append([])
                left = 8.0
            rows[-1].append((left, text, colour))
            left += 18 + widest + 14
        return rows

    def _key_row(self, pen: ImageDraw.ImageDraw, row: Sequence[tuple[float, str, Colour]], middle: float) -> None:
        for left, text, colour in row:
            pen.ellipse((left, middle - 6, left + 12, middle + 6), fill=colour, outline=FAINT)
            pen.text((left + 18, middle), text, INK, font=font_for(text), anchor="lm")

    def _scales(self, sheet: Image.Image, pen: ImageDraw.ImageDraw, width: int, middle: float) -> None:
        """Draw the bar of length on the left, the bar of concentration on the right."""
        um = _nice(width / 5 / self.pixels_per_um)
        length = um * self.pixels_per_um
        pen.rectangle((8, middle - 2, 8 + length, middle + 2), fill=INK)
        pen.text((16 + length, middle), f"{um:g} µm", INK, font=font_for("µm"), anchor="lm")
        if self.solute is None:
            return
        most = f"{self.solute.most_um:.2g} µM"
        right = sheet.width - 8 - round(font_for(most).getlength(most)) - 6
        bar = Image.fromarray(np.repeat(medium_colours()[None, ::2], 12, axis=0))
        sheet.paste(bar, (right - bar.width, round(middle) - 6))
        pen.rectangle((right - bar.width, round(middle) - 6, right, round(middle) + 6), outline=FAINT)
        pen.text((right + 6, middle), most, INK, font=font_for(most), anchor="lm")
        named = f"{self.solute.name}  0"
        pen.text((right - bar.width - 6, middle), named, INK, font=font_for(named), anchor="rm")


def _cut(pen: ImageDraw.ImageDraw, text: str, room: float) -> str:
    """Return the text, shortened to the room there is."""
    font = font_for(text)
    if pen.textlength(text, font=font) <= room:
        return text
    while text and pen.textlength(text + "…", font=font) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def _nice(um: float) -> float:
    """Return the largest 1, 2 or 5 times a power of ten that is no longer."""
    power = 10.0 ** np.floor(np.log10(um))
    return float(max(one * power for one in _NICE if one * power <= um * (1 + 1e-9)))
