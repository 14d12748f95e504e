"""Where an SQLite store must not lie: its journal needs memory that all its users share."""

from collections.abc import Iterable
from pathlib import Path

NETWORKED = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "lustre", "beegfs", "gpfs", "ocfs2"),
    *("fuse.sshfs", "fuse.s3fs", "fuse.gcsfuse", "fuse.glusterfs", "fuse.rclone", "fuse.mount-s3", "fuse.blobfuse"),
}


def networked(folder: Path, mounts: Iterable[str]) -> str:
    """The kind of network file system that the folder lies on, by the lines of /proc/self/mountinfo; empty for none.

    >>> line = "36 35 98:0 / /mnt/share rw,noatime master:1 - nfs4 server:/export rw"
    >>> networked(Path("/mnt/share/state"), [line]), networked(Path("/mnt/sharestate"), [line])
    ('nfs4', '')
    """
    found, longest = "", -1
    for line in mounts:
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        place = Path(fields[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        if folder.is_relative_to(place) and len(place.parts) >= longest:
            found, longest = after.split()[0], len(place.parts)
    return found if found in NETWORKED else ""


def mounts() -> list[str]:
    """The machine's mounts, where it says so."""
    try:
        return Path("/proc/self/mountinfo").read_text(errors="replace").splitlines()
    except OSError:
        return []
