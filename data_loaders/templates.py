"""Owns the blank templates that an agency is sent: its lists and measures, with codes to choose from."""


def return_template(definitions, agency, period, *, past_periods=()) -> bytes:
    raise NotImplementedError
