"""Arithmetic on parameters in a design file: a text that begins with ``=``, as in a spreadsheet.

A formula knows numbers, the names of parameters, ``+ - * /``, ``//`` (division rounded down), and parentheses. It is parsed
and walked, never executed.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping

from coculture.errors import InputError
from coculture.typed_file.complaints import did_you_mean

LONGEST = 300
"""Characters a formula may have."""

_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}
_REMEDY = "a formula knows numbers, the names of parameters, + - * / // and parentheses"


def evaluate(formula: str, values: Mapping[str, float], where: str) -> int | float:
    """Return the value of ``formula`` (without its ``=``); a whole value as an int.

    Parameters
    ----------
    formula : the text.
    values : the parameters it may name.
    where : how an error calls the formula's place.

    Raises
    ------
    InputError : if it is no formula, names what is not there, divides by 0, or has no finite value.
    """
    try:
        if len(formula) > LONGEST:
            raise InputError(f"the formula has {len(formula)} characters; {LONGEST} are allowed", where, "split it in [derived]")
        value = _value(ast.parse(formula.strip(), mode="eval").body, values, formula, where)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"'={formula}' is not a formula", where, _REMEDY) from None
    except ZeroDivisionError:
        raise InputError(f"'={formula}' divides by 0", where, "change the parameter that is 0") from None
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise InputError(f"'={formula}' has no finite value", where, "use smaller numbers")
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else float(value)


def _value(node: ast.expr, values: Mapping[str, float], formula: str, where: str) -> float:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.Name):
        if node.id not in values:
            hint = did_you_mean(node.id, values)
            names = ", ".join(values) or "there are none; declare them in [parameters]"
            raise InputError(f"'={formula}' names '{node.id}', which is no parameter", where, f"{hint}parameters: {names}")
        return float(values[node.id])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = _value(node.operand, values, formula, where)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        left, right = (_value(side, values, formula, where) for side in (node.left, node.right))
        return _OPERATIONS[type(node.op)](left, right)
    raise InputError(f"'={formula}' holds what a formula cannot", where, _REMEDY)
