"""Our frozen values as plain JSON and back: periods by id, days as ISO dates, words as words."""

import datetime
import hashlib
import json
import types
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from scorecards.periods import Period, period_by_id


def canonical(content: dict) -> str:
    """Return `content` as the one JSON text that its facts have: keys sorted, no spaces, floats by repr, no NaN."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def pack(value: Any) -> Any:
    """Return a value of ours as what JSON knows."""
    if isinstance(value, Period):
        return value.id
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if is_dataclass(value):
        return {field.name: pack(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): pack(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [pack(entry) for entry in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def unpack(kind: Any, data: Any) -> Any:
    """Return the value of type `kind` that `pack` made `data` of."""
    if data is None:
        return None
    if get_origin(kind) in (Union, types.UnionType):
        return _unpack_one_of([one for one in get_args(kind) if one is not types.NoneType], data)
    if get_origin(kind) is tuple:
        return tuple(unpack(get_args(kind)[0], entry) for entry in data)
    if not isinstance(kind, type):
        return data  # a Literal
    if kind is Period:
        return period_of_id(data)
    if kind is datetime.date:
        return datetime.date.fromisoformat(data)
    if issubclass(kind, BaseModel):
        return kind.model_validate(data)
    if is_dataclass(kind):
        return kind(**{name: unpack(hint, data[name]) for name, hint in hints(kind).items() if name in data})
    return kind(data) if issubclass(kind, StrEnum) else data


def _unpack_one_of(kinds: list, data: Any) -> Any:
    # Only definitions come in several shapes, and their keys tell them apart.
    shape = next((kind for kind in kinds if _is_shape_of(kind, data)), kinds[0])
    return unpack(shape, data)


def _is_shape_of(kind: Any, data: Any) -> bool:
    return isinstance(data, dict) and data.keys() <= (getattr(kind, "model_fields", None) or {}).keys()


@lru_cache(maxsize=4096)
def period_of_id(period_id: str) -> Period:
    """Return the period of an id that we wrote ourselves."""
    period = period_by_id(period_id)
    assert period is not None, period_id
    return period


@lru_cache(maxsize=64)
def hints(kind: type) -> dict[str, Any]:
    """Return the type of each field of a dataclass."""
    found = get_type_hints(kind)
    return {field.name: found[field.name] for field in fields(kind)}
