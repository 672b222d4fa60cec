"""The ABI as libabigail reads it from debug information: what is exported, with every type that is reached from there, and the
enumerators of deploy.h, which the type of no function reaches."""

from __future__ import annotations

import subprocess
from pathlib import Path

from header import parse

# Enumerators are reached from no function: all types are asked for, and those that deploy.h does not define left out.
ENUMERATORS_TOO = "[suppress_type]\n  source_location_not_in = deploy.h\n  drop = yes\n"
# Behind a handle anything may change: the library's own types are opaque.
OPAQUE = ["--drop-private-types", "--no-elf-needed", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs"]
# Unused enumerators are in the debug information only when asked for.
STUB = ["gcc", "-std=gnu11", "-w", "-g", "-fPIC", "-shared", "-fvisibility=hidden", "-fno-eliminate-unused-debug-types"]
ALONE = ["gcc", "-shared", "-Wl,--unresolved-symbols=ignore-all"]
SONAME = "-Wl,-soname,libdeploy.so.1"


def promised(header: str, version_script: Path, folder: Path) -> Path:
    """The ABI that a header declares, in folder/promised.abi: of a library that has its functions and does nothing."""
    _public(header, folder)
    bodies = [f"{prototype} {{ {'' if prototype.startswith('void ') else 'return 0;'} }}" for prototype in parse(header).functions.values()]
    (folder / "stub.c").write_text('#include "public/deploy.h"\n' + "\n".join(bodies) + "\n", encoding="utf-8")
    (folder / "rules").write_text(ENUMERATORS_TOO, encoding="utf-8")
    subprocess.run([*STUB, "stub.c", "-o", "stub.so", SONAME, f"-Wl,--version-script={version_script}"], cwd=folder, check=True)
    return _dump(folder, "stub.so", "promised.abi", "--load-all-types", "--suppressions", "rules")


def built(capi: Path, header: str, version_script: Path, folder: Path) -> Path:
    """The ABI of what was compiled, in folder/built.abi. The C layer is linked alone: it is all that is exported, and its debug
    information is read in a second, that of the whole library in a minute."""
    _public(header, folder)
    parts = ["-Wl,--whole-archive", str(capi / "libdeploy_capi.a"), "-Wl,--no-whole-archive", *map(str, capi.glob("libdeploy.so.*.p/*.o"))]
    subprocess.run([*ALONE, *parts, "-o", "built.so", SONAME, f"-Wl,--version-script={version_script}"], cwd=folder, check=True)
    return _dump(folder, "built.so", "built.abi")


def _public(header: str, folder: Path) -> None:
    """In a folder of its own: what abidw takes for public are the files of a folder."""
    (folder / "public").mkdir(exist_ok=True)
    (folder / "public" / "deploy.h").write_text(header, encoding="utf-8")


def _dump(folder: Path, library: str, out: str, *options: str) -> Path:
    subprocess.run(["abidw", "--headers-dir", "public", *OPAQUE, *options, "--out-file", out, library], cwd=folder, check=True, stdin=subprocess.DEVNULL)
    return folder / out


def differences(old: Path, new: Path, *options: str) -> str:
    """What abidiff says; "" when nothing changed. Additions and changed names are changes, too."""
    done = subprocess.run(["abidiff", "--harmless", "--no-show-locs", *options, str(old), str(new)], capture_output=True, text=True, check=False)
    if done.returncode & 3:
        raise RuntimeError(f"abidiff failed: {done.stdout}{done.stderr}")
    return done.stdout if done.returncode else ""


def header_differences(old: Path, new: Path) -> str:
    return differences(old, new, "--non-reachable-types")
