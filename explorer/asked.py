"""How long a text may be that is asked. Pure."""

# Nobody writes a device or an OS in so many letters: such a text is something else.
TOO_LONG = 200


def shortened(text: str) -> str:
    """Return a typed text as pages show and ask it: where an end was cut off, too long to be a name."""
    text = text.strip()
    return text if len(text) < TOO_LONG else f"{text[: TOO_LONG - 1]}…"
