"""The same with asyncio."""

from __future__ import annotations

import asyncio
import inspect
import unittest

import libdeploy
from libdeploy import AsyncDeployer, Deployer, Outcome
from libdeploy.simulation import World
from places import pipeline, shipped
from test_calls import Waiting


class Async(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        self.world, self.prober = World(pipeline()), Waiting()
        deployer = self.world.open(prober=self.prober)
        self.release = shipped(self.world, deployer, "1.0.0")
        self.deployer = AsyncDeployer(deployer=deployer)
        self.addAsyncCleanup(self.deployer.close)

    async def until_probing(self) -> None:
        self.assertTrue(await asyncio.get_running_loop().run_in_executor(None, self.prober.asked.wait, 30))

    async def test_calls_are_awaited_and_the_loop_goes_on(self) -> None:
        promoting = asyncio.ensure_future(self.deployer.promote(self.release, to="staging"))
        await self.until_probing()
        self.assertFalse(promoting.done())
        self.prober.go_on.set()
        self.assertTrue((await promoting).succeeded)
        self.assertEqual("1.0.0", (await self.deployer.status("staging")).live.version)
        with self.assertRaises(libdeploy.NotFoundError):
            await self.deployer.show("none")

    async def test_a_cancelled_task_cancels_its_call_and_waits_for_the_way_back(self) -> None:
        promoting = asyncio.ensure_future(self.deployer.promote(self.release, to="staging"))
        await self.until_probing()
        promoting.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await promoting
        self.assertEqual([Outcome.cancelled], [d.outcome for d in await self.deployer.history("staging")])
        self.assertIsNone((await self.deployer.status("staging")).live)

    async def test_a_call_that_waits_for_its_turn_is_cancelled_alone(self) -> None:
        promoting = asyncio.ensure_future(self.deployer.promote(self.release, to="staging"))
        await self.until_probing()
        waiting = asyncio.ensure_future(self.deployer.status("staging"))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await waiting
        self.prober.go_on.set()
        self.assertTrue((await promoting).succeeded)

    async def test_a_timeout_is_a_cancellation(self) -> None:
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(self.deployer.promote(self.release, to="staging"), 0.2)
        self.assertEqual(Outcome.cancelled, (await self.deployer.history("staging"))[0].outcome)

    async def test_events_are_looped_over(self) -> None:
        self.prober.go_on.set()
        running = self.deployer.promote_iter(self.release, to="staging")
        kinds = [event.kind async for event in running]
        self.assertEqual("deployment_finished", kinds[-1])
        self.assertTrue((await running).succeeded)

    async def test_a_cancelled_loop_cancels_its_call(self) -> None:
        running = self.deployer.promote_iter(self.release, to="staging")

        async def loop() -> None:
            async for _ in running:
                pass

        looping = asyncio.ensure_future(loop())
        await self.until_probing()
        looping.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await looping
        self.assertEqual(Outcome.cancelled, (await self.deployer.history("staging"))[0].outcome)

    async def test_errors_come_out_of_the_loop(self) -> None:
        with self.assertRaises(libdeploy.NotFoundError):
            async for _ in self.deployer.promote_iter("9.9.9", to="staging"):
                pass

    def test_its_methods_are_those_of_the_deployer(self) -> None:
        others = {"follow_logs", "close", "cancel", "promote_iter", "run_iter"}
        for name, method in inspect.getmembers(Deployer, inspect.isfunction):
            if name.startswith("_") or name in others:
                continue
            other = getattr(AsyncDeployer, name)
            self.assertTrue(inspect.iscoroutinefunction(other), name)
            self.assertEqual(inspect.signature(method).parameters, inspect.signature(other).parameters, name)

    def test_it_takes_a_configuration_or_a_deployer(self) -> None:
        with self.assertRaises(TypeError):
            AsyncDeployer()
