"""Whose page a request comes from."""

import pytest
from starlette.datastructures import Headers

from monitor.web.asking import is_of_this_page


@pytest.mark.parametrize(
    ("told", "is_ours"),
    [
        ({"origin": "http://here:1"}, True),
        ({"origin": "http://here:1", "sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": "http://there:1"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://here:1", "sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({}, False),
    ],
)
def test_a_form_is_taken_where_the_browser_says_that_it_is_ours(told: dict[str, str], is_ours: bool) -> None:
    assert is_of_this_page(Headers({"host": "here:1", **told})) == is_ours
