"""The colours of the product, by day and by night; no meaning rests on colour alone."""

from dataclasses import dataclass

FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"


@dataclass(frozen=True)
class Palette:
    """Colours by what they are for; each text colour has at least 4.5:1 against the page."""

    ink: str
    soft: str
    accent: str
    grid: str
    reference: str  # usual range and England
    band: str
    worse: str
    better: str
    neutral: str
    page: str


# Accent and neutral are the Government Analysis Function's dark blue and dark pink.
PALETTE = {
    "light": Palette(
        ink="#0b0c0c", soft="#505a5f", accent="#12436D", grid="#e4e8eb", reference="#5f676b",
        band="rgba(18, 67, 109, 0.07)", worse="#8b1a10", better="#00512b", neutral="#801650", page="#ffffff",
    ),
    "dark": Palette(
        ink="#f3f2f1", soft="#b9c0c4", accent="#8fc1ee", grid="#333a40", reference="#a2abb0",
        band="rgba(143, 193, 238, 0.12)", worse="#ff9c8f", better="#7dd3a3", neutral="#f0a3d0", page="#14181d",
    ),
}  # fmt: skip

# Rating: (background, text).
RATING_COLOURS = {
    "light": {
        "red": ("#f6d7d2", "#8b1a10"),
        "amber": ("#fff2b3", "#574a00"),
        "green": ("#cce2d8", "#00512b"),
        "not rated": ("#eeefef", "#383f43"),
    },
    "dark": {
        "red": ("#5a1a12", "#ffd9d2"),
        "amber": ("#4d4100", "#fff2b3"),
        "green": ("#0f3d29", "#cdebdb"),
        "not rated": ("#363c40", "#e6e8e9"),
    },
}


def palette(dark: bool) -> Palette:
    """Return the colours for night (`dark`) or day."""
    return PALETTE["dark" if dark else "light"]
