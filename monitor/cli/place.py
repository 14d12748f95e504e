"""Places on the command line: a local path, or a URL in an object store."""

import click

from monitor.place import Place, place


class PlaceType(click.ParamType[Place]):
    """Paths become paths, URLs stay what they are."""

    name = "path"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Place:  # noqa: ARG002
        return place(str(value))


PLACE = PlaceType()
