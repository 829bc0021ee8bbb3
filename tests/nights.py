"""A state folder with nights behind it: a phone listed one day and gone the next, planned -> supported."""

from datetime import timedelta

from crawler.archive import Archive
from crawler.items import Listing
from crawler.names import Section
from crawler.refresh import build
from crawler.sources import Folders
from tests.test_build import RULES, START, listed, night

KEPT = (listed("Xperia 1 V", "SO-51D"), listed("AQUOS sense8", "SH-54D", maker="シャープ"))
PLANNED = Listing(Section.PLANNED, "Google", "Pixel 9", note="2026年11月以降")
RENO = listed("OPPO Reno14 5G", "CPH2737", maker="OPPO")
WORKS = listed("Pixel 9", maker="Google", note="システムアップデートが必要")
HOSTILE = '<b>x</b> [a](javascript:1) <img src=x onerror="alert(1)">'


def make_nights(folders: Folders) -> Folders:
    """Archive four good nights and two bad ones; build."""
    night(folders, 0, "faq-7261", *KEPT, PLANNED)
    night(folders, 1, "faq-7261", *KEPT, PLANNED, RENO)
    night(folders, 2, "faq-7261", *KEPT, PLANNED)
    night(folders, 3, "faq-7261", *KEPT, WORKS)
    night(folders, 3, "mynaapp-requirements", *RULES)
    bad_night(folders, 4, "unreachable", "https://faq.myna.go.jp/faq/show/7261: DNS lookup failed")
    bad_night(folders, 5, "failed", "faq-7261: expected at least 150 rows, found 3")
    build(folders)
    return folders


def bad_night(folders: Folders, number: int, result: str, reason: str) -> None:
    """Record a night on which a source brought nothing."""
    when = (START + timedelta(days=number)).isoformat()
    found = {"result": result, "reason": reason, "row_count": 0}
    run = {"run_id": f"bad-{number}", "started_at": when, "finished_at": when, "sources": {"faq-7261": found}}
    Archive(folders.archive).record(run)
