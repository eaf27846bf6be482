"""File systems that a workspace cannot live on: those that two machines can have open at once.

SQLite's write-ahead log is shared through memory, which ends at the machine's border; on a network file system two writers
would not see each other and the database would break. https://www.sqlite.org/wal.html, "Disadvantages", point 2.
"""

from __future__ import annotations

import re
from pathlib import Path

from graph.errors import OutsideError

TABLE = Path("/proc/self/mountinfo")
"""The system's table of mounts; where there is none (not Linux) only names ``//server/share`` are known to be afar."""

AFAR = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "coda",
        "ceph",
        "glusterfs",
        "lustre",
        "gpfs",
        "beegfs",
        "orangefs",
        "pvfs2",
        "davfs",
        "webdav",
        "9p",
        "drvfs",
        "vboxsf",
        "vmhgfs",
        "prl_fs",
    ]
)
"""Types of file systems of other machines: networks, and folders that a virtual machine is lent by its host."""
AFAR_FUSE = frozenset(
    [
        "sshfs",
        "ceph",
        "glusterfs",
        "rclone",
        "s3fs",
        "gcsfuse",
        "goofys",
        "juicefs",
        "davfs",
        "davfs2",
        "curlftpfs",
        "smbnetfs",
        "vmhgfs-fuse",
        "grpcfuse",
        "osxfs",
        "mergerfs-nfs",
        "moosefs",
        "mfs",
        "lizardfs",
        "beegfs",
        "hdfs",
        "fuse_dfs",
        "blobfuse",
        "blobfuse2",
        "seaweedfs",
        "onedrive",
        "google-drive-ocamlfuse",
    ]
)
"""The same for ``fuse.…``; other programs of that kind (encryption, NTFS) work on this machine's own disks."""


def file_system(folder: Path, table: Path | None = None) -> str:
    """Type of the file system that a folder is on; empty where the system does not tell."""
    whole = folder.resolve()
    if str(whole).startswith(("\\\\", "//")):
        return "smb"
    try:
        lines = (table or TABLE).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) < 5 or not right:
            continue
        mounted = Path(_unescaped(fields[4]))
        if (
            whole.is_relative_to(mounted) and len(mounted.parts) >= best
        ):  # of two on one another the later counts
            best, kind = len(mounted.parts), right.split(" ")[0]
    return kind


def is_afar(kind: str) -> bool:
    """Whether another machine can have files of such a file system open."""
    return kind in AFAR or (kind.startswith("fuse.") and kind.removeprefix("fuse.") in AFAR_FUSE)


def refuse_afar(folder: Path) -> None:
    """Refuse a folder on a network file system.

    Raises
    ------
    OutsideError
        When it is on one.
    """
    kind = file_system(folder)
    if is_afar(kind):
        raise OutsideError(
            f"工作区不能放在网络文件系统上：{folder} 位于 {kind}；请换到本机磁盘上的文件夹，多人共用请用 Neo4j",
            f"a workspace cannot live on a network file system: {folder} is on {kind}; name a folder on a disk of this machine; "
            "a team shares a Neo4j",
        )


def _unescaped(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)
