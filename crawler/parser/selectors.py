"""Selectors that say how many elements they expect."""

from parsel import Selector, SelectorList

from crawler.items import SourceChanged


def one(sel: Selector, css: str, where: str) -> Selector:
    """Return the only element for `css`; raises `SourceChanged` when there is none or more than one."""
    found = sel.css(css)
    if len(found) != 1:
        raise SourceChanged(where, f"one element for {css}", f"{len(found)} elements")
    return found[0]


def some(sel: Selector, css: str, where: str) -> SelectorList[Selector]:
    """Return the elements for `css`; raises `SourceChanged` when there is none."""
    found = sel.css(css)
    if not found:
        raise SourceChanged(where, f"elements for {css}", "none")
    return found
