"""A script's file to its handler, in the child.

Scripts have the paths of SageMaker's containers written into them. Text constants of a script that begin with `/opt/ml`
are changed to a folder of the run before it is compiled, whatever they are then given to: nothing on the machine is
touched, and line numbers stay. Not found are such paths in other modules, and those put together from smaller pieces.
"""

import ast
import inspect
import re
import sys
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from monitor.errors import RuleError

HOME = re.compile(r"/opt/ml(?=/|$)")
FORMS = {
    "preprocess_handler": ("(inference_record) or (inference_record, logger)", (1, 2)),
    "postprocess_handler": ("no arguments", (0,)),
}


class _Moved(ast.NodeTransformer):
    def __init__(self, home: str) -> None:
        self.home = home

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if isinstance(node.value, str) and HOME.match(node.value):
            return ast.copy_location(ast.Constant(HOME.sub(lambda _: self.home, node.value, count=1)), node)
        return node


def handler(path: str, name: str, home: str) -> tuple[Callable[..., Any], int]:
    """The function of this name, and how many arguments it takes. Raises RuleError that says what would be right."""
    module = ModuleType(f"driftd_script_{Path(path).stem}")
    module.__file__ = path
    sys.modules[module.__name__] = module  # dataclasses look there
    code = _compiled(path, home)
    try:
        exec(code, vars(module))  # noqa: S102  the script is the user's own, in a process of its own
    except MemoryError:
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001  a script may raise anything
        raise RuleError(f"{told(error, path, whole=True)}; a script that can be loaded would be right") from None
    found = vars(module).get(name)
    if not callable(found):
        raise RuleError(_missing(path, name, module))
    return found, _arguments(path, name, found)


def told(error: BaseException, path: str, *, whole: bool = False) -> str:
    """An exception with the deepest line of the script; `whole`: its path and line first."""
    trace, line = error.__traceback__, 0
    while trace is not None:
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == path else line
        trace = trace.tb_next
    try:
        text = f"{type(error).__name__}: {error}".removesuffix(": ")
    except Exception:  # noqa: BLE001  __str__ may be the script's
        text = type(error).__name__
    if whole:
        return f"{path}:{line}: {text}"
    return f"{text} ({Path(path).name}:{line})" if line else text


def _compiled(path: str, home: str) -> CodeType:
    try:
        tree = _Moved(home).visit(ast.parse(Path(path).read_bytes(), filename=path))
        return compile(tree, path, "exec")
    except SyntaxError as error:
        version = ".".join(map(str, sys.version_info[:2]))
        line = error.lineno or 1
        raise RuleError(f"{path}:{line}: SyntaxError: {error.msg}; Python {version} would be right") from None
    except (ValueError, RecursionError) as error:
        raise RuleError(f"{path}:1: cannot be compiled: {error}; a Python file would be right") from None


def _missing(path: str, name: str, module: ModuleType) -> str:
    right = f"`def {name}{'(inference_record)' if name.startswith('pre') else '()'}:` would be right"
    own = {key: item for key, item in vars(module).items() if inspect.isfunction(item)}
    near = get_close_matches(name, own, n=1)
    if near:
        line = own[near[0]].__code__.co_firstlineno
        return f"{path}:{line}: has {near[0]!r} and no function {name!r}; {right}"
    return f"{path}:1: has no function {name!r}; {right}"


def _arguments(path: str, name: str, found: Callable[..., Any]) -> int:
    right, counts = FORMS[name]
    for count in sorted(counts, reverse=True):
        try:
            inspect.signature(found).bind(*range(count))
        except TypeError:
            continue
        return count
    line = getattr(getattr(found, "__code__", None), "co_firstlineno", 1)
    raise RuleError(f"{path}:{line}: {name}{inspect.signature(found)} cannot be called; {right} would be right")
