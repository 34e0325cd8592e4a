"""Owns how a taught layout is set aside: it reads no file any more, and is never deleted."""

import hashlib
from pathlib import Path

from data_loaders.layouts.kept import layouts_folder
from data_loaders.layouts.model import Layout
from scorecards.errors import ScorecardError

RETIRED = "retired"


def retire_layout(layout: Layout) -> Path:
    """Move a layout to `<agency>/retired/`, where no file is read by it; return where it stands now.

    Another one that was set aside under the same name stays beside it.
    """
    path = layouts_folder() / layout.agency / f"{layout.name}.yaml"
    folder = path.parent / RETIRED
    try:
        mark = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        folder.mkdir(exist_ok=True)
        aside = folder / f"{layout.name}-{mark}.yaml"
        path.replace(aside)
    except FileNotFoundError:
        raise ScorecardError(f"The layout '{layout.title}' is not there any more. Nothing was changed.") from None
    except OSError as error:
        raise ScorecardError(f"The layout could not be set aside: {error.strerror}. Nothing was changed.") from None
    return aside
