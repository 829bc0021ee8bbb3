"""調べる in a real browser, on a phone and on a desk."""

import pytest

from tests.browser import SIZES, serious


@pytest.mark.parametrize("size", SIZES)
def test_a_link_opens_its_answer(open_tab, size):
    page = open_tab("/?q=SH-41A", size)
    assert "AQUOS sense4" in page.locator("[data-result]").inner_text()


@pytest.mark.parametrize("path", ["/", "/?q=SH-41A", "/browse"])
def test_no_serious_barrier(open_tab, path):
    assert serious(open_tab(path)) == []
