// The folded key of a name or number, as match_key() of crawler/names.py makes it; a test compares the two.

const TRADEMARKS = /[™®©℠]/gu;
const HIRAGANA = /[\u3041-\u3096]/gu;
// Signs that stand for letters and that no device name has: each becomes one letter of no name.
const RARE = new RegExp(
  "[" +
    "\\u02B0-\\u02B8\\u02E0-\\u02E4\\u037A\\u03D0-\\u03D6\\u03F0-\\u03F2\\u03F5\\u03F9\\u0587\\u0675-\\u0678" +
    "\\u0E33\\u0EB3\\u0EDC\\u0EDD\\u10FC\\u1D2C-\\u1D6A\\u1D78\\u1D9B-\\u1DBF\\u1E9A\\u20A8\\u2100-\\u211F" +
    "\\u2121\\u2123-\\u2125\\u2127-\\u2129\\u212C-\\u214F\\u2150-\\u215F\\u2189\\u2474-\\u24EA\\u2C7C\\u2C7D" +
    "\\u2D6F\\u3038-\\u303A\\u309F\\u30FF\\u3131-\\u319F\\u3200-\\u33FF\\uA69C\\uA69D\\uA770\\uA7F2-\\uA7F4" +
    "\\uA7F8\\uA7F9\\uAB5C-\\uAB5F\\uAB69\\uFB13-\\uFB17\\uFB20-\\uFB29\\uFB4F-\\uFDFF\\uFE70-\\uFEFC" +
    "\\uFFA0-\\uFFDC\\u{10000}-\\u{1EFFF}\\u{1F100}-\\u{1F16F}\\u{1F190}\\u{1F200}-\\u{1F2FF}" +
    "\\u{1FBF0}-\\u{1FBF9}\\u{2EBF0}-\\u{2EE5D}\\u{2B739}\\u{31350}-\\u{3FFFF}" +
    "]",
  "gu",
);

/** Return the key: width, case, kana, spaces, hyphens and brackets do not count; "" when nothing is left. */
export function matchKey(text) {
  return text
    .replace(RARE, "〆")
    .replace(TRADEMARKS, "")
    .normalize("NFKC")
    .toLowerCase()
    .replace(HIRAGANA, (kana) => String.fromCodePoint(kana.codePointAt(0) + 0x60))
    .replaceAll("+", "plus")
    .replaceAll("ς", "σ")
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replace(/(^|[^ァ-ヿ])ー+/gu, "$1");
}
