"""Where the module `_core` finds the classes that it makes."""

from libdeploy._config import *  # noqa: F403
from libdeploy._enums import *  # noqa: F403
from libdeploy._records import *  # noqa: F403
from libdeploy._values import *  # noqa: F403
from libdeploy.errors import Error, make_error, note_ending  # noqa: F401
from libdeploy.simulation import Action, Rehearsal, Script, SimulationReport, Verb, Violation  # noqa: F401
