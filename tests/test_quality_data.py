"""Data for model quality are what their page says: a baseline with truth, rows without, labels by id."""

from pathlib import Path

import pytest

from benchmarks.quality_data import CASES, Case, area, areas, write
from benchmarks.real_errors import course

FOLDER = Path(__file__).parent / "data" / "drift"


@pytest.fixture(scope="module", params=CASES, ids=lambda of: of.__name__)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param(FOLDER)
    return found


def test_rows_have_no_truth_and_each_has_a_label_by_its_id(case: Case) -> None:
    truth = case.problem.truth
    assert truth in case.base
    assert truth not in case.rows
    assert list(case.labels) == ["id", truth]
    assert case.rows.id.is_unique
    assert set(case.rows.id) == set(case.labels.id)
    assert case.base.time.max() < case.start
    assert {case.problem.prediction, case.problem.probability} < set(case.rows)


def test_every_row_is_in_one_window_and_the_model_grows_worse(case: Case) -> None:
    found = list(areas(case))
    assert sum(rows for _, rows, _ in found) == len(case.rows)
    values = [value for _, _, value in found]
    known = area(case.base, case.problem)
    if case.name == "car_loan":
        assert known == pytest.approx(0.9710, abs=1e-4)
        assert values[0] == pytest.approx(0.9710, abs=1e-4)
        assert [round(value, 4) for value in values[5:]] == [0.96, 0.9585, 0.9590, 0.9631, 0.9576]
    else:
        assert known == pytest.approx(0.851, abs=0.01)
        assert len(values) == 111
        assert min(values) < 0.5


def test_the_models_errors_are_followed_and_found_to_be_more() -> None:
    (of,) = [of for of in CASES if of.__name__ == "car_loan"]
    found = course(of(FOLDER))
    assert (found.change, found.early, found.waited) == (50, 0, 10)


def test_tables_are_written_a_file_for_each_window(tmp_path: Path) -> None:
    (of,) = [of for of in CASES if of.__name__ == "car_loan"]
    write(of(FOLDER), tmp_path)
    assert (tmp_path / "car_loan" / "reference.csv").read_text().startswith("id,car_value,")
    names = [sorted(path.name for path in (tmp_path / "car_loan" / part).iterdir()) for part in ("rows", "labels")]
    assert names[0] == names[1]
    assert len(names[0]) == 10
    assert names[0][0] == "20181030T180000Z.csv"
    labels = (tmp_path / "car_loan" / "labels" / names[1][0]).read_text().splitlines()
    assert (labels[0], len(labels)) == ("id,repaid", 5001)
