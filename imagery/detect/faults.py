"""What two scenes cannot be compared for: an English sentence, and what who speaks otherwise makes one of."""

from __future__ import annotations


class Fault(ValueError):
    """Two scenes, or one, cannot be used; the message is a sentence for whoever gave them.

    Attributes:
        code: which sentence it is; "" where programs need not tell it from others.
        figures: what the sentence names: numbers, or texts as files have them.
    """

    def __init__(self, message: str, code: str = "", **figures: float | str) -> None:
        """Keep what is said."""
        super().__init__(message)
        self.code, self.figures = code, figures
