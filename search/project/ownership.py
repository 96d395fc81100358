# Paths are looked at with os alone, as cheaply as can be: every search passes here.
# ruff: noqa: PTH100, PTH111, PTH116, PTH117, PTH118, PTH120
"""Whose a thing is: what was found, and nobody named, is used only where it is the user's own.

A settings file or an index decides what is read and where it is written. One that is merely
found, in the working folder or above it, may have been put there by another user of the
machine; so may a corpus/ or a list of words. What the user names (`--index`, SOU_INDEX, a
PATH) is used whoever owns it, and so is what lies in a folder that the user trusts:

    trusted = ["/srv/archive"]    # in $XDG_CONFIG_HOME/sou/config.toml; "*" is everything

Another user is anybody who is not the one that this process acts for, root included: what
root owns may have been unpacked from anywhere. And for root everybody is another; that sudo
was used by the owner of a folder changes nothing, for nothing that sou does needs root.

The rule is git's (safe.directory). Where files have no owners (Windows), nothing is checked.
"""

from __future__ import annotations

import os
import stat

from search.model.errors import RequestError

EVERYTHING = "*"
"""In the list of trusted folders: whatever it is."""

Place = str | os.PathLike[str]


def other_owner(path: Place) -> str:
    """Return which other user owns a path, or what it leads to, if nothing allows its use.

    It is empty for what is the user's own, is not there, or lies in a trusted folder. The
    user's own settings are read only where they matter.
    """
    if not hasattr(os, "geteuid"):
        return ""
    other = _other(path, os.geteuid())
    if other is None or _is_trusted(path):
        return ""
    return _name(other)


def require(*paths: Place) -> None:
    """Raise RequestError for the first of some paths that were found and are another user's."""
    for path in paths:
        name = other_owner(path)
        if name:
            raise RequestError(
                f"{shown(path)} belongs to another user ({name}); it was found here, not named",
                f"name the index (--index DIR), or {how_to_trust(path)}",
            )


def left_aside(path: Place) -> str:
    """Return a note that a path is not used because it is another user's; empty if it is not."""
    name = other_owner(path)
    if not name:
        return ""
    return (
        f"sou: {shown(path)} is not used, since it belongs to another user ({name}); "
        f"to use it, {how_to_trust(path)}"
    )


def shown(path: Place) -> str:
    """Return a path as it may be shown on one line of a terminal."""
    from search.output.safe import safe_path

    return safe_path(os.fspath(path))


def user_folder(variable: str, default: str) -> str:
    """Return the folder for files of sou that an XDG variable names, or the default in HOME."""
    given = os.environ.get(variable, "")
    # The specification: "All paths must be absolute"; any other is to be ignored.
    top = given if os.path.isabs(given) else os.path.join(home(), default)
    return os.path.join(top, "sou")


def home() -> str:
    """Return the user's own folder: never one that depends on where the user stands."""
    found = os.path.expanduser("~")
    if os.path.isabs(found):
        return found
    try:
        import pwd  # HOME is no path but a mistake, or somebody's wish

        return pwd.getpwuid(os.geteuid()).pw_dir
    except (ImportError, KeyError):  # no such user, as in containers
        return os.sep


def _other(path: Place, user: int) -> int | None:
    """Return the number of another user who owns a path or what it leads to, if one does."""
    try:
        status = os.lstat(path)
        if status.st_uid == user and stat.S_ISLNK(status.st_mode):
            status = os.stat(path)
    except (OSError, ValueError):
        return None  # whoever it belongs to, it cannot be read
    return None if status.st_uid == user else status.st_uid


def _name(number: int) -> str:
    try:
        import pwd

        return pwd.getpwuid(number).pw_name
    except (ImportError, KeyError):
        return f"number {number}"


def _is_trusted(path: Place) -> bool:
    """Return whether a path, and what it leads to, lie in folders that the user trusts."""
    from search.system.files import inside

    folders, _ = _trusted()
    if EVERYTHING in folders:
        return True
    allowed = [place for folder in folders for place in _places(folder)]
    return all(any(inside(place, each) for each in allowed) for place in _places(path))


def _places(path: Place) -> tuple[str, str]:
    """Return where a path really is, and where what it leads to is: another place for a link."""
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(folder), name), os.path.realpath(path)


def how_to_trust(path: Place) -> str:
    """Return what the user writes, and where, to have a path of another user used."""
    _, wrong = _trusted()
    # All of a folder that is theirs; where others write too (/tmp), the thing alone.
    path = os.path.abspath(path)
    folder = os.path.dirname(path)
    whole = os.lstat(folder).st_uid == os.lstat(path).st_uid
    entry = shown(folder if whole else path).replace("\\", "\\\\").replace('"', '\\"')
    unused = f" (which is not used now: {wrong})" if wrong else ""
    return f'trust it: trusted = ["{entry}"] in {shown(_config())}{unused}'


def _config() -> str:
    return os.path.join(user_folder("XDG_CONFIG_HOME", ".config"), "config.toml")


def _trusted() -> tuple[list[str], str]:
    """Return the folders that the user trusts, and what is wrong with the file, if anything.

    A file that is wrong in anything trusts nothing.
    """
    from search.system.files import is_own, open_regular
    from search.system.toml import read_toml

    try:
        with open_regular(_config(), follow=True) as file:  # many keep theirs behind links
            if not is_own(os.fstat(file.fileno()), or_root=True):
                return [], "others can write to it, or it is not yours; chmod go-w"
            values = read_toml(file)
    except FileNotFoundError:
        return [], ""
    except (OSError, ValueError) as exc:
        return [], getattr(exc, "strerror", None) or str(exc)
    unknown = [name for name in values if name != "trusted"]
    if unknown:
        return [], f"unknown setting {unknown[0]!r:.60}; the only one is 'trusted'"
    folders = values.get("trusted", [])
    if not isinstance(folders, list) or not all(isinstance(each, str) for each in folders):
        return [], "trusted must be a list of folders"
    folders = [
        home() + each[1:] if f"{each}/".startswith("~/") else os.path.expanduser(each)
        for each in folders
    ]
    for folder in folders:
        if folder != EVERYTHING and (not os.path.isabs(folder) or "\0" in folder):
            return [], f"{folder!r:.60} is not the absolute path of a folder"
    return folders, ""
