// From explorer/texts by `python -m tests.wasm`; a test compares.
export const WORDS = {
  "ja": {
    "status": {
      "supported": "使えます",
      "conditional": "条件を満たせば使えます",
      "planned": "対応予定です（まだ使えません）",
      "not_supported": "使えません",
      "delisted": "一覧から外れました",
      "not_listed": "一覧にありません",
      "ambiguous": "機種をしぼれません",
      "unknown": "機種がわかりません"
    },
    "capability_short": {
      "card_reading": "カードの読み取り",
      "android_certificate": "Androidの電子証明書",
      "iphone_mynumber": "iPhoneのカード",
      "pc_login": "パソコン"
    },
    "origin": {
      "live": "公式ページから取得",
      "bundled": "公式ページの写しではありません。公開情報をもとに用意した一部だけの一覧です"
    }
  },
  "en": {
    "status": {
      "supported": "It works",
      "conditional": "It works if conditions are met",
      "planned": "Planned (does not work yet)",
      "not_supported": "It does not work",
      "delisted": "No longer on the list",
      "not_listed": "Not on the list",
      "ambiguous": "Several devices fit",
      "unknown": "Device not found"
    },
    "capability_short": {
      "card_reading": "Reading the card",
      "android_certificate": "Android certificate",
      "iphone_mynumber": "Card on iPhone",
      "pc_login": "PC"
    },
    "origin": {
      "live": "fetched from the official page",
      "bundled": "Not a copy of the official page: a partial list prepared from public information"
    }
  }
};
