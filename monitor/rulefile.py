"""One rule file: loaded by its path, outside any package; what rules and transforms it defines."""

import importlib.util
import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from monitor.errors import RuleError
from monitor.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """The rules by name, and the transforms in the order of their names, that a file itself defines."""

    rules: Mapping[str, Rule]
    transforms: Mapping[str, Callable[..., Any]]
    module: ModuleType


def load(path: Path) -> RuleFile:
    """Run the file and take what it defines; names that it imports are not its own. Raises RuleError."""
    name = f"driftd_rules_{path.stem}_{zlib.crc32(str(path).encode()):08x}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise RuleError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except RuleError as error:
        raise RuleError(f"{path}: {error}") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001  a rule file may raise anything
        raise RuleError(f"{path}{_line(error, path)}: {type(error).__name__}: {error}") from None
    own = {key: item for key, item in vars(module).items() if getattr(item, "__module__", None) == name}
    rules = {
        item.__rule__.name: replace(item.__rule__, path=str(path)) for item in own.values() if hasattr(item, "__rule__")
    }
    return RuleFile(
        rules=rules,
        transforms={key: own[key] for key in sorted(own) if getattr(own[key], "__transform__", False)},
        module=module,
    )


def _line(error: BaseException, path: Path) -> str:
    if isinstance(error, SyntaxError):
        return f":{error.lineno}"
    trace, line = error.__traceback__, ""
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = f":{trace.tb_lineno}"
        trace = trace.tb_next
    return line
