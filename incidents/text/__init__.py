"""What a text is about: kind of matter and urgency, proposed from the county's own history. A person decides."""

from incidents.text.proposals import WORDS, Guess, Proposal, Reason, propose

__all__ = ["WORDS", "Guess", "Proposal", "Reason", "propose"]
