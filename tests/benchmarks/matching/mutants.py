"""`python -m tests.benchmarks.matching.mutants`: do the tests of the checker notice every change?

Each mutant is the checker with one small change: a comparison, a sign, a condition, a number, a
text or a statement. The checker's tests must fail on every one; the checker is written so that
none of these changes leaves its behaviour as it was. Runs where processes can fork.
"""

import ast
import copy
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from matching import check

SOURCE = Path(check.__file__)
TESTS = Path(__file__).parents[2] / "matching" / "test_check.py"

COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
SIGNS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv}


def replaced(old: ast.AST, new: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """One change, described by what stands there before and after."""
    yield f"{ast.unparse(old)} -> {ast.unparse(new)}", new


def changes_of(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What could stand in the place of a node, each with a description."""
    for sort, changes in CHANGES.items():
        if isinstance(node, sort):
            yield from changes(node)


def changes_of_comparison(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    """Its border moved, or turned round."""
    for place, present in enumerate(node.ops):
        for other in COMPARISONS[type(present)]:
            ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield from replaced(node, ast.Compare(node.left, ops, node.comparators))


def changes_of_sum(node: ast.BinOp | ast.AugAssign) -> Iterator[tuple[str, ast.AST]]:
    """The other sign."""
    if type(node.op) in SIGNS:
        new = copy.copy(node)
        new.op = SIGNS[type(node.op)]()
        yield from replaced(node, new)


def changes_of_all_or_any(node: ast.BoolOp) -> Iterator[tuple[str, ast.AST]]:
    """Only one of its conditions, or any instead of all."""
    for value in node.values:
        yield from replaced(node, value)
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield from replaced(node, ast.BoolOp(other, node.values))


def changes_of_sign(node: ast.UnaryOp) -> Iterator[tuple[str, ast.AST]]:
    """Without its sign, or its `not`."""
    yield from replaced(node, node.operand)


def changes_of_choice(node: ast.IfExp) -> Iterator[tuple[str, ast.AST]]:
    """Always the one, always the other."""
    yield from replaced(node, node.body)
    yield from replaced(node, node.orelse)


def changes_of_branch(node: ast.If) -> Iterator[tuple[str, ast.AST]]:
    """Always, never."""
    for fixed in (True, False):
        new = ast.If(ast.Constant(fixed), node.body, node.orelse)
        yield f"if {ast.unparse(node.test)} -> if {fixed}", new


def changes_of_constant(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    """Another number, another text, the other truth."""
    if isinstance(node.value, bool):
        yield from replaced(node, ast.Constant(not node.value))
    elif isinstance(node.value, int):
        yield from replaced(node, ast.Constant(node.value + 1))
    elif isinstance(node.value, str):
        yield from replaced(node, ast.Constant(node.value + "?"))


def changes_of_index(node: ast.Subscript) -> Iterator[tuple[str, ast.AST]]:
    """The other end of a list."""
    if not isinstance(node.ctx, ast.Load):
        return
    if ast.unparse(node.slice) == "-1":
        yield from replaced(node, ast.Subscript(node.value, ast.Constant(0), node.ctx))
    elif ast.unparse(node.slice) == "0":
        last = ast.UnaryOp(ast.USub(), ast.Constant(1))
        yield from replaced(node, ast.Subscript(node.value, last, node.ctx))


CHANGES = {
    ast.Compare: changes_of_comparison,
    ast.BinOp | ast.AugAssign: changes_of_sum,
    ast.BoolOp: changes_of_all_or_any,
    ast.UnaryOp: changes_of_sign,
    ast.IfExp: changes_of_choice,
    ast.Constant: changes_of_constant,
    ast.Subscript: changes_of_index,
    ast.If: changes_of_branch,
}


def is_text(statement: ast.AST) -> bool:
    """Whether this is a docstring."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def sites(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Every place below `node` that holds code: (holder, field, index, what is there).

    Annotations, docstrings and the words of a sentence for people are no code.
    """
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "bases", "format_spec"):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.ImportFrom | ast.Import):
                continue
            if isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant):
                continue
            if isinstance(child, ast.stmt) and is_text(child):
                continue
            yield node, field, index, child
            yield from sites(child)


def put(holder: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
    """Write a node into a place."""
    if index is None:
        setattr(holder, field, node)
    else:
        getattr(holder, field)[index] = node


def mutants(text: str) -> Iterator[tuple[int, str, ast.Module]]:
    """Each changed checker, with the number of the line and the change."""
    tree = ast.parse(text)
    for holder, field, index, node in sites(tree):
        for change, new in [*changes_of(node), *left_out(node)]:
            put(holder, field, index, new)
            whole = ast.fix_missing_locations(copy.deepcopy(tree))
            put(holder, field, index, node)
            yield getattr(node, "lineno", 0), change, whole


def left_out(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """A statement of a function that is not carried out."""
    kinds = (ast.Expr, ast.Assign, ast.AugAssign, ast.Return, ast.Continue)
    if isinstance(node, kinds) and node.col_offset > 0:
        yield f"without: {ast.unparse(node).splitlines()[0]}", ast.Pass()


def survives(mutant: ast.Module, tests: list[pytest.Item]) -> bool:
    """Whether all tests of the checker pass with this one in its place.

    In a copy of this process: the changed module is carried out inside the old one, so that
    whoever imported something from it before meets the change.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    known = check.violations
    try:
        exec(compile(mutant, str(SOURCE), "exec"), vars(check))  # noqa: S102 - our own module
    except (TypeError, ValueError):  # it cannot even be loaded
        os._exit(1)
    known.__code__ = check.violations.__code__
    check.violations = known
    failed = any(
        report.failed
        for test in tests
        for report in runtestprotocol(test, log=False, nextitem=None)
    )
    os._exit(int(failed))


class Judge:
    """Tries every mutant once pytest has collected the tests, instead of running them once."""

    def __init__(self) -> None:
        self.outcome: list[str] = []
        self.is_content = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Says which mutants live."""
        text = SOURCE.read_text("utf-8")
        if not survives(ast.parse(text), session.items):
            self.outcome = ["the checker as it is does not pass its tests"]
            return True
        total = 0
        for line, change, mutant in mutants(text):
            total += 1
            if survives(mutant, session.items):
                self.outcome.append(f"{SOURCE.name}:{line}: {change}")
        self.is_content = not self.outcome
        self.outcome.append(f"{total} mutants, {len(self.outcome)} unnoticed")
        return True


def main() -> int:
    """Try every mutant; print those that nobody noticed; 1 if there are any."""
    judge = Judge()
    pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(TESTS)], plugins=[judge])
    say(judge.outcome)
    return 0 if judge.is_content else 1


def say(lines: list[str]) -> None:
    """Print the outcome."""
    sys.stdout.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
