"""Every phrase about a filled place, and what a family is told of an empty one: two texts from one table.

The public one names no other person, no case, no price and no area's code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from allocator.voice import NOTHING

TO_CONFIRM = "independence to confirm, as no organisations are known"


class Words(NamedTuple):
    """What staff read, as a part of a sentence, and a family, as a sentence; either may be empty."""

    staff: str
    public: str


WORDS: Mapping[str, Words] = {
    "locked": Words("locked to its holder", "The reviewer who has this review keeps it."),
    "stays": Words("stays with its holder", "The reviewer who has this review keeps it."),
    "on_hold": Words(
        "on hold since {since}, so no hours are planned",
        "It is paused at present, and goes on when the pause has ended.",
    ),
    "hours_left": Words("{hours} h left", ""),
    "hours_assumed": Words("{hours} h left (assumed)", ""),
    "was_with": Words(
        "was with {released}", "It has a new reviewer, because the one before cannot go on with it."
    ),
    "moved": Words(
        "moved from {holder} to make a better plan",
        "It has a new reviewer, so that fewer reviews have to wait.",
    ),
    "only": Words(
        "the only reviewer who may {role} it", "The reviewer has the training that this review asks for."
    ),
    "nearest": Words(
        "nearest of {able} reviewers who may {role} it",
        "The reviewer has the training that this review asks for.",
    ),
    "one_of": Words(
        "one of {able} reviewers who may {role} it",
        "The reviewer has the training that this review asks for.",
    ),
    "home": Words("covers {area} as home area", "They work in the area that is responsible for it."),
    "covers": Words("covers {area}", "They cover the area that is responsible for it."),
    "serves": Words(
        "at home in {home}, which may serve {area}",
        "They work in a neighbouring area, from where reviews like this one may be done.",
    ),
    "linked": Words("with the case linked to it", ""),
    "load": Words("{percent} % workload after", ""),
    "to_confirm": Words(
        TO_CONFIRM,
        "It is still to be confirmed that they have no connection with the organisations that gave care.",
    ),
    "independent": Words("", "They have no recorded connection with the organisations that gave care."),
}


@dataclass(frozen=True)
class Said:
    """One phrase, with what stands in it."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def staff(self) -> str:
        """For staff; empty if there is nothing to say to them."""
        return WORDS[self.key].staff.format(**self.values)

    @property
    def public(self) -> str:
        """For a family; empty if there is nothing to say to them."""
        return WORDS[self.key].public


PAUSED = (
    "This review is paused at present, and goes on when the pause has ended. Nobody new is given it before."
)
UNKNOWN = (
    "It is still to be found out which organisations gave care, "
    "so that whoever reviews is independent of them."
)
NOBODY = {
    NOTHING: "",
    "type": "Nobody who may do this kind of review can take it yet.",
    "skill": "This review asks for particular training, and nobody who has it can take it yet.",
    "area": "Nobody who works in or near the area that is responsible for it can take it yet.",
    "conflict": (
        "It has to be done by somebody with no connection with the organisations that gave care, "
        "and there is nobody yet who could take it."
    ),
    "excluded": "There is nobody yet who could take it.",
    "available": "There is nobody yet who has time to take it.",
}
"""What a family is told of a place that nobody has, by reason code; of any other, `NO_TIME`. Where nothing
stops somebody from taking it there is nothing to say."""
NO_TIME = "Those who could take it have no time for it yet."
AGAIN = "It is looked at again each time that reviews are given out, and counts for more the longer it waits."
