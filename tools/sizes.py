"""How long things are, against what STYLE.md aims at: printed to be looked at, never a gate."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

# What is measured: aim (median), usual end (nine in ten), look again at.
AIMS = {
    "function": (8, 25, 40),
    "write route": (6, 12, 15),
    "Python file": (70, 180, 300),
    "template": (15, 45, 90),
    "test": (8, 18, 30),
    "arguments": (2, 4, 5),
}
WRITES = {"post", "put", "patch", "delete"}
Measure = tuple[str, int, str]


def main() -> None:
    measures = [measure for path in tracked() for measure in measured(path)]
    print(f"{'':12} {'count':>6} {'median':>7} {'aim':>4} {'p90':>5} {'aim':>4} {'most':>5} {'look at':>8}")
    for kind, (middle, end, _) in AIMS.items():
        sizes = sorted(size for what, size, _ in measures if what == kind)
        if sizes:
            ninth = quantiles(sizes, n=10, method="inclusive")[-1] if len(sizes) > 1 else sizes[0]
            line = f"{kind:12} {len(sizes):6} {median(sizes):7.0f} {middle:4} {ninth:5.0f} {end:4} {sizes[-1]:5}"
            print(f"{line} {sum(size > AIMS[kind][2] for size in sizes):8}")
    print("\nLook again at (cut by noun if it reads better, never for the number):")
    for kind, size, place in sorted(measures, key=lambda measure: -measure[1]):
        if size > AIMS[kind][2]:
            print(f"{size:6}  {kind:12} {place}")


def tracked() -> Iterator[Path]:
    listed = subprocess.run(["git", "ls-files", "*.py", "*.html"], capture_output=True, text=True, check=True)
    for line in listed.stdout.splitlines():
        path = Path(line)
        if path.is_file() and "versions" not in path.parts:
            yield path


def measured(path: Path) -> Iterator[Measure]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        yield "template", len(text.splitlines()), str(path)
        return
    if path.parts[0] != "tests":
        yield "Python file", len(text.splitlines()), str(path)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _function(node, path)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, path: Path) -> Iterator[Measure]:
    place = f"{path}:{node.lineno} {node.name}"
    size = (node.end_lineno or node.lineno) - node.lineno + 1
    if path.parts[0] == "tests":
        if node.name.startswith("test_"):
            yield "test", size, place
        return
    yield "write route" if _writes(node) else "function", size, place
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    yield "arguments", len([argument for argument in given if argument.arg not in {"self", "cls"}]), place


def _writes(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    calls = (decorator.func for decorator in node.decorator_list if isinstance(decorator, ast.Call))
    return any(isinstance(called, ast.Attribute) and called.attr in WRITES for called in calls)


if __name__ == "__main__":
    main()
