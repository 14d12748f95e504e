"""Rules as a person reads them: a manual page, and the catalogue of the shipped ones."""

from collections.abc import Sequence

from monitor.rule import Option, Rule

HEAD = """# Shipped rules

Made by `driftd rules list --markdown`; the texts are the rules' own docstrings. Preset `driftd` puts all of them with
their default options, but for those that ask for rows: these say that they are not in it. Options are changed in a
configuration, for all features or for some by name or glob:

```yaml
checks: [driftd, {rule: range, features: ["amount*"], max_share: 5%}, {rule: outliers, enabled: false}]
```
"""


def manual(rule: Rule) -> str:
    """A rule's manual page: its docstring, what it is asked about, and its options."""
    lines = [f"{rule.name} (asked about: {rule.subject})", "", rule.doc, ""]
    lines += [f"  {name}: {_told(option)}" for name, option in rule.options.items()]
    return "\n".join(lines).rstrip() + "\n"


def catalogue(rules: Sequence[Rule]) -> str:
    """The page of all rules, in Markdown."""
    parts = [HEAD]
    for rule in rules:
        options = [f"- `{name}`: {_told(option)}" for name, option in rule.options.items()]
        lines = [f"## {rule.name}", "", f"Asked about: `{rule.subject}`", "", rule.doc, "", *options, ""]
        parts.append("\n".join(lines))
    return "\n".join(parts)


def _told(option: Option) -> str:
    kind = getattr(option.type, "__name__", str(option.type))
    return f"{kind}, required" if option.is_required else f"{kind}, default {option.default}"
