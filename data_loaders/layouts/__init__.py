"""Taught layouts: a sender's own workbook, whatever its shape, read as an aggregate return.

A layout is taught once in the browser, kept as YAML per sender, and found again by its marks the next quarter.
"""

from data_loaders.layouts.model import Basis, Dimension, Layout, Meaning, Part, Source, TaughtTable

__all__ = ["Basis", "Dimension", "Layout", "Meaning", "Part", "Source", "TaughtTable"]
