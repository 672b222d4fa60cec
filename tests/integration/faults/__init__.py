"""Crashes and faults on the real parts: SIGKILL, Engines that restart, broken lines, bad registries, full disks."""
