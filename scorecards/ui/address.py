"""Addresses of our pages: every link carries on what the reader chose."""

from urllib.parse import urlencode


def link(page_path: str, **params: str | None) -> str:
    """Return the address of a page of ours ("pages/kpi.py") with these parameters, below any base path of a server."""
    name = page_path.removeprefix("pages/").removesuffix(".py")
    query = urlencode({name: value for name, value in params.items() if value})
    return ("./" if name == "app" else name) + (f"?{query}" if query else "")
