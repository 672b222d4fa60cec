"""deployctl is killed at random moments, and what is there afterwards has to agree, whatever was going on."""

from __future__ import annotations

import random
import subprocess
import time
from dataclasses import dataclass, field

from faults.world import FaultCase


@dataclass
class Tally:
    kills: int = 0                       # processes that were killed before they had ended
    too_late: int = 0                    # had ended by themselves
    of_resume: int = 0                   # kills that hit a resume
    ended: dict[str, int] = field(default_factory=dict)
    production: dict = field(default_factory=dict)
    staging: dict = field(default_factory=dict)

    def text(self) -> str:
        lost, gap = self.production["failed"], self.staging["longest_gap_ms"]
        return (f"{self.kills} kills ({self.of_resume} of them of a resume), {self.too_late} came too late; ended {self.ended}; "
                f"production: {lost} of {self.production['sent']} requests lost; the environment itself: {self.staging['failed']} of "
                f"{self.staging['sent']} lost, longest gap {gap:.0f} ms")


class SoakCase(FaultCase):
    def setUp(self) -> None:
        super().setUp()
        self.probe = {"interval": "100ms", "timeout": "500ms", "deadline": "1s", "success_threshold": 1}

    def soak(self, kills: int, seed: int) -> Tally:
        """Kills so many times; every time all has to agree before it goes on."""
        chance, tally = random.Random(seed), Tally()
        self.bring_live()
        good = ["1.0.1", self.build(), self.build()]
        bad = self.build(UNHEALTHY="1")
        digest = next(r["digest"] for r in self.result(0, "releases")["releases"] if r["version"] == bad)
        production = self.identity("live")
        live, longest = good[0], 1.5
        with self.load("live") as untouched, self.load("qa") as touched:
            while tally.kills < kills:
                target = chance.choice([v for v in good if v != live] + [bad])
                words = ["promote", target, "--to", "qa", "--allow-downgrade"]
                if chance.random() < 0.25 and self.result(0, "status", "qa")["rollback_target"]:
                    words, target = ["rollback", "qa", "--no-quarantine"], ""
                longest = max(longest * 0.9, self.kill_at_random(words, chance, tally, longest))
                undo = ["--undo"] if chance.random() < 0.3 else []
                while tally.kills < kills and chance.random() < 0.3:
                    before = tally.kills
                    self.kill_at_random(["resume", *undo], chance, tally, longest)
                    tally.of_resume += tally.kills - before
                self.resume(*undo)
                was = live
                live = self.assert_settled("qa", set(good))
                self.assertIn(live, {was, target} if target else set(good))
                ended = "as before" if live == was else "the new one"
                tally.ended[ended] = tally.ended.get(ended, 0) + 1
                if target == bad:  # an error where it did not come that far
                    subprocess.run(self.command("quarantine", "lift", digest, "--reason", "once more"), cwd=self.folder, capture_output=True, check=False)
        tally.production, tally.staging = untouched.seen, touched.seen
        self.assertEqual((0, production), (untouched.seen["failed"], self.identity("live")))
        self.result(0, "ledger", "verify")
        return tally

    def kill_at_random(self, words: list[str], chance: random.Random, tally: Tally, longest: float) -> float:
        """Answers how long the process lived."""
        begun = time.monotonic()
        process = subprocess.Popen(self.command(*words), cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=chance.random() * longest * 1.1)
            tally.too_late += 1
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            tally.kills += 1
        return time.monotonic() - begun
