"""What a spider hands on: values as printed, nothing cleaned, nothing computed."""

from dataclasses import dataclass
from datetime import date

from crawler.names import Section


class SourceChanged(Exception):
    """A page does not look the way its parser expects; the last good data must stay.

    `where` names the source or selector, `expected` and `found` what was looked for and met.
    """

    def __init__(self, where: str, expected: str, found: str):
        self.where, self.expected, self.found = where, expected, found
        super().__init__(f"{where}: expected {expected}, found {found}")


@dataclass(frozen=True, slots=True)
class Listing:
    """One device as a list prints it. `model` and `carrier` may name several, as printed."""

    section: Section
    maker: str
    name: str
    model: str = ""
    carrier: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of a requirements page under its printed heading."""

    section: str
    text: str


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One row of Google's catalogue of certified devices."""

    brand: str
    name: str
    device: str
    model: str


@dataclass(frozen=True, slots=True)
class PageInfo:
    """What a page says of itself: the update date that it prints, if it prints one.

    `selector` is where on the page its rows stood.
    """

    printed_on: date | None
    selector: str = ""


@dataclass(frozen=True, slots=True)
class Leftover:
    """A printed line that looked like content and gave no row: reported as an issue, never dropped."""

    text: str


Row = Listing | Requirement | CatalogueRow
