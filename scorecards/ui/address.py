"""Addresses of our pages: every link carries on what the reader chose."""

from urllib.parse import urlencode

# All that an address may carry; nothing in it says anything of a child.
CARRIED = ("set", "theme", "kpi", "period", "area", "version")


def link(page_path: str, **params: str | None) -> str:
    """Return the address of a page of ours ("pages/kpi.py") with these parameters, below any base path of a server."""
    name = page_path.removeprefix("pages/").removesuffix(".py")
    in_order = sorted(params, key=lambda one: CARRIED.index(one) if one in CARRIED else len(CARRIED))
    query = urlencode({one: params[one] for one in in_order if params[one]})
    return ("./" if name == "app" else name) + (f"?{query}" if query else "")
