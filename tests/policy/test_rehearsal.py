"""What was learned is tried on itself: learned from one half, replayed on the other."""

from dataclasses import replace
from datetime import timedelta

from looks import Followed, Traffic, plan

from monitor.policy.following import Stored, followed, replayed
from monitor.policy.rehearsal import Rehearsal, rehearsed

TO_KEEP = plan(3, learn_for=timedelta(days=4))


def test_quiet_windows_raise_nothing_in_their_second_half() -> None:
    looks = Traffic(TO_KEEP, 11).looks(TO_KEEP.learning)
    assert rehearsed(looks, TO_KEEP) == Rehearsal(learned=48, tried=48, alarms=0, features=())


def test_what_moved_in_the_second_half_is_an_alarm_there_and_never_in_the_first() -> None:
    for at, alarms in ((60, 1), (20, 0)):
        traffic = Traffic(TO_KEEP, 12)
        looks = [*traffic.looks(at), traffic.look([0, 1.0, 0]), *traffic.looks(TO_KEEP.learning - at - 1)]
        found = rehearsed(looks, TO_KEEP)
        assert found is not None
        assert (found.alarms, found.features) == (alarms, ("x1",) * alarms)


def test_too_few_windows_for_two_halves_are_not_tried() -> None:
    few = plan(3, learn_for=timedelta(hours=28))
    assert rehearsed(Traffic(few, 13).looks(27), few) is None
    assert rehearsed(Traffic(few, 13).looks(28), few) is not None


def test_it_is_told_when_learning_ends_and_changes_nothing_else() -> None:
    traffic = Traffic(TO_KEEP, 14)
    looks = [*traffic.looks(70), traffic.look([0, 1.0, 0]), *traffic.looks(TO_KEEP.learning - 71 + 4)]
    (word,) = [word for verdict in replayed(looks, TO_KEEP) for word in verdict.words if word.what == "armed"]
    chance = "half as much learning may do that by chance"
    assert word.why == f"tried on itself: by its first 48 windows the other 48 raise 1 alarm (x1): {chance}"
    plain = Followed(TO_KEEP).feed(*looks)
    assert plain.life is not None
    rows: list[Stored] = []
    for look in looks:
        rows += followed(look, rows, [], TO_KEEP).stored
    assert rows[-1].memory == plain.life.memory.packed()


def test_few_names_are_told_of_many() -> None:
    many = Rehearsal(learned=7, tried=7, alarms=2, features=tuple("abcdefg"))
    assert "2 alarms (a, b, c, d, e and 2 more): more may come than is promised" in str(many)
    assert str(replace(many, alarms=0)).endswith("the other 7 raise no alarm")
