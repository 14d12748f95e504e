"""Are the values still of the baseline's type?"""

from monitor import Finding, Numeric, Share, at_most, rule, share, skip


@rule
def data_type(now: Numeric, base: Numeric, *, max_share: float = 0.01) -> Finding:
    """Violated when more than `max_share` of the values are of another type than the baseline's.

    Whole numbers pass where fractions are expected; text, truth values and fractions among whole numbers do not.
    Types are told from the text as captured.
    """
    if base.type not in ("Integral", "Fractional"):
        return skip(f"the baseline's type is {base.type}, which any value has")
    right = now.classes.integral + (now.classes.fractional if base.type == "Fractional" else 0)
    wrong = Share(count=now.present - right, total=now.present, design_effect=now.design_effect)
    why = f"{wrong.count} of {now.present} values are not {base.type}"
    return at_most(share(wrong, freedom=now.freedom), max_share, why=why)
