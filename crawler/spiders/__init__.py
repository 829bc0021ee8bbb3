"""One spider a source: file = `name` = class. Declared here, computed elsewhere."""

from crawler.spiders.base import SourceSpider
from crawler.spiders.faq_2587 import Faq2587
from crawler.spiders.faq_7261 import Faq7261
from crawler.spiders.jpki_nfc import JpkiNfc
from crawler.spiders.jpki_readers import JpkiReaders
from crawler.spiders.mynaapp_requirements import MynaappRequirements
from crawler.spiders.play_catalogue import PlayCatalogue

SPIDERS: dict[str, type[SourceSpider]] = {
    spider.name: spider
    for spider in (Faq2587, Faq7261, MynaappRequirements, JpkiNfc, JpkiReaders, PlayCatalogue)
}
