from datetime import UTC, datetime, timedelta

from monitor.render.lanes import LEAST, Lane, Stretch, lanes
from monitor.render.timeaxis import LEFT, RIGHT
from monitor.window import Window

START, HOUR = datetime(2026, 1, 5, tzinfo=UTC), timedelta(hours=1)
TEN = Window(start=START, end=START + 10 * HOUR)
MIDDLE = (LEFT + RIGHT) / 2


def test_a_stretch_is_as_long_as_it_took_and_a_moment_as_narrow_as_can_be_seen() -> None:
    found = lanes(TEN, [Lane(name="deploy", things=[Stretch(start=START, end=START + 5 * HOUR)])])
    assert found.base == f"M{LEFT:g} 4h{MIDDLE - LEFT:g}v12h-{MIDDLE - LEFT:g}z"
    moment = lanes(TEN, [Lane(name="deploy", things=[Stretch(start=START + 5 * HOUR)])])
    assert moment.base.startswith(f"M{MIDDLE:g} 4h{LEAST:g}v12")


def test_what_reaches_beyond_ends_at_the_edge() -> None:
    for at in (START - 9 * HOUR, START + 99 * HOUR):
        (lane,) = lanes(TEN, [Lane(name="a", things=[Stretch(start=at)])]).base.split("z")[:-1]
        x, width = float(lane[1:].split(" ")[0]), float(lane.split("h")[1].split("v")[0])
        assert LEFT <= x <= x + width <= RIGHT


def test_faults_are_hatched_and_others_filled() -> None:
    things = [Stretch(start=START, end=START + HOUR)]
    fault, other = Lane(name="incidents", things=things, is_fault=True), Lane(name="deploy", things=things)
    found = lanes(TEN, [fault, other])
    assert "4h" in found.now
    assert "22h" in found.base
    assert [one.text for one in found.labels[:2]] == ["incidents", "deploy"]


def test_a_text_stands_beside_its_bar_where_there_is_room() -> None:
    def texts(*starts):
        things = [Stretch(start=START + n * HOUR, text="<b>version 8</b>" * 9) for n in starts]
        return [one.text for one in lanes(TEN, [Lane(name="a", things=things)]).labels if one.anchor == "start"]

    assert len(texts(0, 5)) == 2
    assert all(text.startswith("<b>") and len(text) <= 40 for text in texts(0, 5))
    assert len(texts(0, 0.1)) == 1
    assert texts(9.9) == []
