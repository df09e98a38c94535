"""What stands beside the cost of copies: how many are found, and whether what is found is alike."""

import numpy as np
import pytest

from auditor.copies import Labels
from bench.copies import found_copies
from bench.copy_truth import precision, recall, true_pairs

TEXTS = ["abcdefghij", "abcdefghiX", "klmnopqrst", "klmnopqrsX", "uvwxyz0123"]


@pytest.mark.parametrize(
    ("labels", "recalled", "precise"),
    [
        ({0: 0, 1: 0, 2: 2, 3: 2}, 1.0, 1.0),
        ({0: 0, 1: 0}, 0.5, 1.0),
        ({0: 0, 1: 0, 2: 2, 3: 2, 4: 2}, 1.0, 0.8),
        ({0: 0, 1: 0, 2: 2, 3: 3}, 0.5, 0.5),
    ],
)
def test_labels_are_held_against_every_pair(
    labels: dict[int, int], recalled: float, precise: float
) -> None:
    truth = true_pairs(TEXTS, 0.7)
    assert truth.left.tolist() == [0, 2]
    given = Labels(np.array([*labels]), np.array([*labels.values()]))
    assert recall(truth, given) == pytest.approx(recalled)
    assert precision(truth, given) == pytest.approx(precise)


def test_a_sample_is_searched_and_held_against_its_pairs() -> None:
    found = found_copies(sample=2_000)
    assert found["pairs"] > 50
    assert found["recall"] > 0.97
    assert found["precision"] == 1.0
