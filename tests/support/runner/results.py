"""What running tests yields: cases, grouped by suite."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    name: str
    passed: bool
    text: str = ""  # why not, in full


@dataclass
class Suite:
    name: str
    cases: list[Case] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def failures(self) -> list[Case]:
        return [case for case in self.cases if not case.passed]

    def report(self, verbose: bool) -> None:
        for case in self.cases:
            if not case.passed:
                print(f"\n---- FAILED {self.name}: {case.name}\n{case.text.rstrip()}\n")
            elif verbose:
                print(f"  ok {self.name}: {case.name}")
        print(f"{self.name}: {len(self.cases) - len(self.failures)} passed, {len(self.failures)} failed ({self.seconds:.1f} s)", flush=True)


def close(suites: list[Suite]) -> int:
    """The closing line, and the exit status."""
    cases = [case for suite in suites for case in suite.cases]
    failed = sum(not case.passed for case in cases)
    print(f"{len(cases) - failed} passed, {failed} failed", flush=True)
    return 0 if cases and failed == 0 else 1
