"""What the audit says about a plan: one finding for each thing that is not as the contract has it."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One fault of a plan.

    Parameters
    ----------
    code : str
        The rule that is broken, by its code in the contract, or the part of the plan that is wrong.
    where : str
        The place in the plan: a case, a reviewer, or a path such as "objective.late.bound".
    message : str
        One sentence: what stands there, and what the contract asks for.
    """

    code: str
    where: str
    message: str

    def __str__(self) -> str:
        """Return the finding as one line."""
        return f"{self.code}: {self.where}: {self.message}"
