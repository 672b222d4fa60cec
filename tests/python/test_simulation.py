"""The simulator from Python, and its pytest fixture."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import unittest
from datetime import timedelta
from pathlib import Path

import libdeploy
from libdeploy import simulation
from libdeploy.simulation import Script, Verb, World
from places import PIPELINE, pipeline, shipped


class Simulation(unittest.TestCase):
    def test_a_script_is_read_and_played_and_takes_the_same_course_always(self) -> None:
        script = Script.parse("seed 1\nship release=1.0.0 as=good\npromote release=1.0.0 to=staging\nship release=1.0.1 as=unhealthy\npromote release=1.0.1 to=staging\n")
        self.assertEqual([Verb.ship, Verb.promote, Verb.ship, Verb.promote], [action.verb for action in script.actions])
        self.assertEqual(script, Script.parse(str(script)))
        report = simulation.simulate(pipeline(), script)
        self.assertEqual((None, 1, 1), (report.violation, report.outcomes["succeeded"], report.outcomes["rolled_back"]))
        self.assertEqual(report, simulation.simulate(pipeline(), script))
        self.assertTrue(report.to_dict()["ok"])
        with self.assertRaisesRegex(libdeploy.InvalidArgumentError, "dance"):
            Script.parse("dance")

    def test_a_seed_decides_on_a_script(self) -> None:
        script = simulation.random_script(pipeline(), 42)
        self.assertEqual(script, simulation.random_script(pipeline(), 42))
        self.assertNotEqual(script, simulation.random_script(pipeline(), 43))
        self.assertIsNone(simulation.simulate(pipeline(), script).violation)
        self.assertEqual(script, simulation.shrink(pipeline(), script))
        self.assertIn("verified upstream", simulation.broken_promise(1))

    def test_a_rehearsal_tells_its_story(self) -> None:
        lines: list[str] = []
        rehearsal = simulation.rehearse(pipeline(), on_line=lines.append)
        self.assertIsNone(rehearsal.violation)
        self.assertGreater(len(lines), 3)
        self.assertEqual(20, simulation.rehearse(pipeline(), runs=20, faults=True).runs)
        with self.assertRaises(ZeroDivisionError):
            simulation.rehearse(pipeline(), on_line=lambda line: 1 // 0)  # type: ignore[arg-type, return-value]

    def test_time_passes_and_things_happen(self) -> None:
        world = World(pipeline(production={"freeze": [], "soak": "1h"}))
        with world.open(actor="ci") as deployer, world.open(actor="alice") as alice:
            release = shipped(world, deployer, "1.0.0")
            deployer.promote(release, to="staging")
            alice.approve(release, to="production")
            soak = next(gate for gate in deployer.gates(release, to="production") if gate.gate == "soak")
            assert soak.opens is not None
            world.advance(soak.opens - world.now())
            world.happen("cut host=ssh://deploy@two.example")
            with self.assertRaises(libdeploy.UnreachableError) as caught:
                deployer.promote(release, to="production")
            self.assertEqual("ssh://deploy@two.example", caught.exception.host)
            world.happen("mend host=ssh://deploy@two.example")
            self.assertTrue(deployer.promote(release, to="production").succeeded)
        for wrong in ("reboot host=ssh://nobody", "dance"):
            with self.assertRaises(libdeploy.Error):
                world.happen(wrong)
        with self.assertRaises(libdeploy.InvalidArgumentError):
            world.advance(timedelta(seconds=-1))
        with self.assertRaises(libdeploy.InvalidArgumentError):
            world.publish("1.0.1", "dancing")

    def test_a_world_outlives_its_name(self) -> None:
        deployer = World(pipeline()).open()
        self.assertEqual((), deployer.releases())
        deployer.close()


class Fixture(unittest.TestCase):
    TESTS = '''
def test_a_bad_release_does_not_stay(deploy_world):
    world = deploy_world("deploy.json")
    with world.open(actor="ci") as deployer:
        bad = deployer.add_release(world.publish("1.0.1", "unhealthy"), "1.0.1")
        assert deployer.promote(bad, to="staging").outcome == "rolled_back"

def test_a_policy_that_is_not_kept(deploy_world):
    import json
    world = deploy_world(json.load(open("deploy.json")))
    with world.open(actor="ci") as deployer:
        good = deployer.add_release(world.publish("1.0.1"), "1.0.1")
        assert deployer.promote(good, to="production").succeeded
'''

    def test_users_test_their_own_policy(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "deploy.json").write_text(json.dumps(PIPELINE))
            Path(folder, "test_policy.py").write_text(self.TESTS)
            ended = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=folder, capture_output=True, text=True, check=False)
        self.assertEqual(1, ended.returncode, ended.stdout)
        self.assertIn("1 failed, 1 passed", ended.stdout)
        self.assertIn("test_a_policy_that_is_not_kept", ended.stdout)
