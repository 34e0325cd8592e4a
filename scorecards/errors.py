"""What can go wrong, as sentences a reader can act on."""


class ScorecardError(Exception):
    """A plain sentence for the reader; shown without a traceback."""


class DefinitionError(ScorecardError):
    """Something in a definitions file is wrong: all of it, one line each in `problems`."""

    def __init__(self, problems):
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class StoreError(ScorecardError):
    """The store cannot be used as asked: wrong key, newer schema, or not reachable."""


class LoadRefused(ScorecardError):
    """A whole file cannot be read; `code` names the reason, the message says what to do."""

    def __init__(self, code, sentence):
        self.code = code
        super().__init__(sentence)
