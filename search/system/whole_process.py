"""A lock for what can only be changed for all threads of the process at once.

Filters of warnings and the environment are such things. What is set back at the end has to be
what was there before, and not what another thread had set for a while.
"""

from __future__ import annotations

from _thread import allocate_lock

CHANGING = allocate_lock()
"""Held while something is changed that is set back at the end."""
