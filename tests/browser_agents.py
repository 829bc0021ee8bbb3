"""What real browsers say of themselves, for the tests: user agents, and client hints where they have them."""

import json

BRANDS_CHROME = [{"brand": "Google Chrome", "version": "140.0.7339.80"}]
BRANDS_EDGE = [{"brand": "Microsoft Edge", "version": "140.0.3485.54"}]
ANDROID_CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)
IPHONE_SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)
IPHONE_26 = IPHONE_SAFARI.replace("17_5_1", "18_6").replace("Version/17.5", "Version/26.1")
IPHONE_LINE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148 Safari Line/15.2.0"
)
WINDOWS_CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)
WINDOWS_EDGE = f"{WINDOWS_CHROME} Edg/140.0.0.0"
MAC_SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Safari/605.1.15"
)
ANDROID_FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:142.0) Gecko/142.0 Firefox/142.0"
HINTS_SH41A = {
    "platform": "Android",
    "platformVersion": "12.0.0",
    "model": "SH-41A",
    "mobile": True,
    "fullVersionList": BRANDS_CHROME,
}
HINTS_WINDOWS_11 = {
    "platform": "Windows",
    "platformVersion": "15.0.0",
    "model": "",
    "mobile": False,
    "fullVersionList": BRANDS_EDGE,
}


def hints_script(hints: dict[str, object] | None) -> str:
    """Return JavaScript that makes a browser state these client hints, or have none."""
    value = "undefined" if hints is None else f"{{getHighEntropyValues: async () => ({json.dumps(hints)})}}"
    return f"Object.defineProperty(Navigator.prototype, 'userAgentData', {{get: () => ({value})}});"
