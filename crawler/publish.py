"""Publishes a build to a depot: `DEST/versions/<version>/…`, and last `DEST/latest.json`, which names it.

Killed anywhere, a publish leaves the newest version as it was; the next one completes what is half done.
"""

import re
from dataclasses import replace
from typing import Any

from crawler.depot.place import LATEST, Depot, DepotError, NotThere
from crawler.depot.pointer import MOST_BYTES, VERSION, VERSIONS, BadPointer, Pointer, read_pointer
from crawler.finished import Build, finished_build
from crawler.sources import BadInput, Folders
from crawler.upload import Moved, holds, move_pointer, put, writable

KEPT_VERSIONS = 7
MOST_TRIES = 5


def publish_to(
    folders: Folders, address: str, keep: int = KEPT_VERSIONS, is_forced: bool = False
) -> dict[str, Any]:
    """Publish the build of these folders; return what was done.

    `published` is `new`, `repaired` or `unchanged`; `uploaded` and `removed` name files and versions.
    Raises `BadInput` when the build is not whole, the depot fails, or a newer build is there already.
    """
    try:
        with finished_build(folders) as build, writable(address) as depot:
            return _publish(depot, build, keep, is_forced)
    except DepotError as error:
        raise BadInput(f"{error}; what was published before stays") from error


def _publish(depot: Depot, build: Build, keep: int, is_forced: bool) -> dict[str, Any]:
    uploaded: set[str] = set()
    for _ in range(MOST_TRIES):
        latest, raw, mark = _latest(depot, is_forced)
        pointer = _next(build.pointer, latest)
        if latest and latest.built_at > pointer.built_at and not is_forced:
            raise BadInput(
                f"{depot.address}: the build of {latest.built_at.isoformat()} is there, newer than this one "
                f"of {pointer.built_at.isoformat()}; nothing was published (--force does it all the same)"
            )
        uploaded |= _complete(depot, build, pointer)
        try:
            if raw != pointer.as_json():
                move_pointer(depot, pointer.as_json(), mark)
            break
        except Moved:
            continue
    else:
        raise DepotError(depot.address, f"{LATEST}: others kept moving it; try again")
    is_new = latest is None or latest.version != pointer.version
    removed, warnings = _prune(depot, keep)
    return {
        "published": "new" if is_new else "repaired" if uploaded else "unchanged",
        "destination": depot.address,
        "version": pointer.version,
        "schema_version": pointer.schema_version,
        "built_at": pointer.built_at.isoformat(),
        "bytes": sum(one.bytes for one in pointer.files.values()),
        "uploaded": sorted(uploaded),
        "removed": removed,
        "warnings": warnings,
    }


def _latest(depot: Depot, is_forced: bool) -> tuple[Pointer | None, bytes, Any]:
    """Return the pointer that is there, as it stands, and its mark."""
    try:
        # The mark first: a pointer that moves in between is noticed when it is written.
        mark = depot.mark(LATEST)
        raw = depot.read(LATEST, MOST_BYTES)
    except NotThere:
        return None, b"", None
    try:
        return read_pointer(raw), raw, mark
    except BadPointer as error:
        if is_forced:
            return None, raw, mark
        reason = f"{LATEST}: {error}; look at it, then publish with --force to replace it"
        raise DepotError(depot.address, reason) from error


def _next(pointer: Pointer, latest: Pointer | None) -> Pointer:
    if latest is None:
        return pointer
    is_same = latest.version == pointer.version
    return replace(pointer, previous=latest.previous if is_same else latest.version)


def _complete(depot: Depot, build: Build, pointer: Pointer) -> set[str]:
    """Upload what is missing or damaged in the version; return the names."""
    uploaded = set()
    for name, wanted in pointer.files.items():
        path = pointer.path_of(name)
        if holds(depot, path, wanted):
            continue
        put(depot, path, build.content(name))
        uploaded.add(name)
        if not holds(depot, path, wanted):
            raise DepotError(depot.address, f"{path}: it gives back other bytes than were written")
    return uploaded


def _prune(depot: Depot, keep: int) -> tuple[list[str], list[str]]:
    """Remove the oldest versions beyond `keep`; return them, and why it failed if it did.

    What `latest.json` names stays, and what it named before: somebody may be downloading that. A version
    above the newest stays, too: somebody may be uploading it.
    """
    removed: list[str] = []
    try:
        latest, _, _ = _latest(depot, is_forced=False)
        if latest is None:
            return removed, []
        kept = {latest.version, latest.previous}
        older = [one for one in _versions(depot) if one < latest.version and one not in kept]
        for version in sorted(older, reverse=True)[max(0, keep - len(kept - {None})) :]:
            with depot.telling(version):
                depot.fs.rm(depot.path(f"{VERSIONS}/{version}"), recursive=True)
            removed.append(version)
    except DepotError as error:
        return removed, [f"old versions could not be removed: {error}"]
    return removed, []


def _versions(depot: Depot) -> list[str]:
    """Return the version folders; whatever else lies there is none of ours."""
    with depot.telling(VERSIONS):
        found = depot.fs.ls(depot.path(VERSIONS), detail=True)
    folders = [one for one in found if one["type"] == "directory" and not one.get("islink")]
    names = [re.split(r"[/\\]", one["name"].rstrip("/"))[-1] for one in folders]
    return [name for name in names if VERSION.fullmatch(name)]
