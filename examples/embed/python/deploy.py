"""What promote.py needs of deploy.h, through ctypes: no compiler, no extension module.

Handles are c_void_p, records are Structures with the header's members in the header's order, of which the first says how many we know
(rule 7). Texts that the library returns are lent; ctypes copies them into bytes at once, and text() below makes a str of those.
"""

from __future__ import annotations

import ctypes as c
from collections.abc import Callable, Iterator
from typing import Any

_library = c.CDLL("libdeploy.so.1")
OK, NOT_FOUND, INTERNAL = 0, -3, -22
EVENT_GATE_ANSWERED = 6


class Record(c.Structure):
    """_INIT: the size, and zero for the rest."""

    def __init__(self, **members: Any) -> None:
        super().__init__(struct_size=c.sizeof(self), **members)


class EventInfo(Record):
    _fields_ = [("struct_size", c.c_size_t), ("kind", c.c_int32), ("reserved", c.c_int32), ("kind_name", c.c_char_p), ("time", c.c_int64),
                ("environment", c.c_char_p), ("deployment", c.c_char_p), ("host", c.c_char_p), ("step", c.c_char_p), ("message", c.c_char_p)]


class DeploymentInfo(Record):
    _fields_ = [("struct_size", c.c_size_t), ("id", c.c_char_p), ("environment", c.c_char_p), ("kind", c.c_char_p), ("version", c.c_char_p),
                ("digest", c.c_char_p), ("outcome", c.c_int32), ("reserved", c.c_int32), ("outcome_name", c.c_char_p), ("live_version", c.c_char_p), ("live_digest", c.c_char_p),
                ("gap", c.c_int64), ("duration", c.c_int64), ("actor", c.c_char_p), ("started", c.c_int64), ("finished", c.c_int64)]


class Evidence(Record):
    _fields_ = [("struct_size", c.c_size_t), ("host", c.c_char_p), ("container", c.c_char_p), ("container_status", c.c_char_p),
                ("error", c.c_char_p), ("logs", c.c_char_p), ("restart_count", c.c_int64), ("exit_code", c.c_int32), ("oom_killed", c.c_int32),
                ("verdict", c.c_int32), ("reserved", c.c_int32), ("verdict_name", c.c_char_p), ("verdict_reason", c.c_char_p), ("probed", c.c_int64)]


class SecretSource(Record):
    _fields_ = [("struct_size", c.c_size_t), ("kind", c.c_int32), ("reserved", c.c_int32), ("name", c.c_char_p), ("command", c.POINTER(c.c_char_p))]


EventFn = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p)
DestroyFn = c.CFUNCTYPE(None, c.c_void_p)
ResolveFn = c.CFUNCTYPE(c.c_int32, c.c_void_p, c.POINTER(SecretSource), c.c_void_p, c.POINTER(c.c_void_p))


class Secrets(Record):
    _fields_ = [("struct_size", c.c_size_t), ("user_data", c.c_void_p), ("destroy", DestroyFn), ("resolve", ResolveFn)]


class DeployerOptions(Record):
    _fields_ = [("struct_size", c.c_size_t), ("actor", c.c_char_p), ("on_event", EventFn), ("user_data", c.c_void_p), ("ledger_store", c.c_void_p),
                ("engine", c.c_void_p), ("prober", c.c_void_p), ("secrets", c.POINTER(Secrets)), ("clock", c.c_void_p), ("approval_check", c.c_void_p)]


class DeployError(Exception):
    """A negative status, with all that the library said of it."""

    def __init__(self, status: int, area: str, message: str) -> None:
        super().__init__(f"{text(_status_name(status))} ({area}): {message}")
        self.status, self.area, self.message = status, area, message


def text(value: bytes | None) -> str:
    return (value or b"").decode()


def _declare(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    function = getattr(_library, f"deploy_{name}")
    function.restype, function.argtypes = result, arguments
    return function


_OUT = c.POINTER(c.c_void_p)
_status_name = _declare("status_name", c.c_char_p, c.c_int32)
_error_new = _declare("error_new", c.c_void_p, c.c_int32, c.c_char_p, c.c_char_p)
_error_area = _declare("error_get_area", c.c_char_p, c.c_void_p)
_error_message = _declare("error_get_message", c.c_char_p, c.c_void_p)
_error_free = _declare("error_free", c.c_void_p, c.c_void_p)

config_load = _declare("config_load", c.c_int32, c.c_char_p, _OUT, _OUT)
config_free = _declare("config_free", c.c_void_p, c.c_void_p)
simulation_new = _declare("simulation_new", c.c_int32, c.c_void_p, _OUT, _OUT)
simulation_free = _declare("simulation_free", c.c_void_p, c.c_void_p)
simulation_open = _declare("simulation_open", c.c_int32, c.c_void_p, c.POINTER(DeployerOptions), _OUT, _OUT)
simulation_publish = _declare("simulation_publish", c.c_int32, c.c_void_p, c.c_char_p, c.c_char_p, c.POINTER(c.c_char_p), _OUT)
deployer_free = _declare("deployer_free", c.c_void_p, c.c_void_p)
deployer_add_release = _declare("deployer_add_release", c.c_int32, c.c_void_p, c.c_char_p, c.c_char_p, c.c_void_p, _OUT, _OUT)
deployer_promote = _declare("deployer_promote", c.c_int32, c.c_void_p, c.c_char_p, c.c_char_p, c.c_void_p, _OUT, _OUT)
release_free = _declare("release_free", c.c_void_p, c.c_void_p)
deployment_free = _declare("deployment_free", c.c_void_p, c.c_void_p)
deployment_get_info = _declare("deployment_get_info", c.c_int32, c.c_void_p, c.POINTER(DeploymentInfo))
deployment_get_reason = _declare("deployment_get_reason", c.c_char_p, c.c_void_p, c.c_size_t)
deployment_get_evidence = _declare("deployment_get_evidence", c.c_int32, c.c_void_p, c.c_size_t, c.POINTER(Evidence))
event_get_info = _declare("event_get_info", c.c_int32, c.c_void_p, c.POINTER(EventInfo))
call_give_text = _declare("call_give_text", c.c_int32, c.c_void_p, c.c_char_p, c.c_size_t)


def check(function: Callable[..., int], *arguments: Any) -> int:
    """Calls; raises for a negative status. A positive one is an outcome, and is returned."""
    error = c.c_void_p()
    status = function(*arguments, c.byref(error))
    if status >= 0:
        return status
    raised = DeployError(status, text(_error_area(error)), text(_error_message(error)))
    _error_free(error)
    raise raised


def give(function: Callable[..., int], *arguments: Any) -> c.c_void_p:
    """Calls what gives a handle before its error. Whoever asked frees it."""
    handle = c.c_void_p()
    check(function, *arguments, c.byref(handle))
    return handle


def answering(port: Callable[[], None], out_error: Any) -> int:
    """Runs a port's function. No exception may pass through the library: it becomes an error, which is the library's from then on."""
    try:
        port()
        return OK
    except DeployError as error:
        out_error[0] = _error_new(error.status, error.area.encode(), error.message.encode())
        return error.status
    except Exception as error:  # whatever else a port of ours may raise
        out_error[0] = _error_new(INTERNAL, b"port", repr(error).encode())
        return INTERNAL


def fetch(getter: Callable[..., int], handle: Any, record: Any) -> Any:
    """The record that a getter fills in."""
    if getter(handle, c.byref(record)) != OK:
        raise AssertionError(f"{type(record).__name__} is not what the library knows")
    return record


def walk(getter: Callable[..., int], handle: c.c_void_p, record: type[Record]) -> Iterator[Any]:
    """Every record of a list (rule 8)."""
    index, found = 0, record()
    while getter(handle, index, c.byref(found)) == OK:
        yield found
        index, found = index + 1, record()
