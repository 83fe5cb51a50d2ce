"""What a process did to a folder, call by call, as ``strace`` saw it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from durability.disk import Disk

_CALLS = (
    "openat,creat,pwrite64,pwritev,pwritev2,write,writev,ftruncate,truncate,fallocate,fsync,fdatasync,sync_file_range,"
    "msync,unlink,unlinkat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,rmdir,copy_file_range"
)
_STRACE = ("strace", "-f", "-y", "-xx", "-s", "4000000", "-e", f"trace={_CALLS}")
_LINE = re.compile(r"(?:\d+ +)?(?P<call>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_DESCRIPTOR = re.compile(r"(\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})*)>")
_MEMORY = "-shm"
"""The end of the name of the file that is shared memory: no call writes it, and SQLite makes it anew after a crash."""

SAID = 1
"""The descriptor into which the process says what is done."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Attributes:
        name: The system's name for it.
        paths: The paths in its arguments, absolute; that of the descriptor first.
        descriptor: The descriptor that it is about; -1 if it is about none.
        content: The bytes that it writes.
        numbers: The numbers at its end, in their order.
        flags: The rest of its arguments as text.
    """

    name: str
    paths: tuple[str, ...]
    descriptor: int
    content: bytes
    numbers: tuple[int, ...]
    flags: str


def trace(command: Sequence[str], log: Path) -> list[Call]:
    """Run a Python module with arguments under ``strace``; give what it did, in order.

    Raises:
        RuntimeError: It failed.
    """
    tests = Path(__file__).parents[1]
    done = subprocess.run(
        [*_STRACE, "-o", str(log), sys.executable, "-B", "-m", *command],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tests), str(tests.parent)))},
        capture_output=True,
        timeout=100,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
    with log.open(encoding="ascii") as lines:
        return [call for line in lines if (call := _parsed(line)) is not None]


def replay(calls: Sequence[Call], folder: Path, disk: Disk) -> Iterator[str]:
    """Do to a disk what was done to a folder; after each call, give what the process had said in it, mostly nothing.

    Raises:
        NotImplementedError: The process did something that the disk knows nothing of, so that nothing would be proved.
    """
    for call in calls:
        if call.name == "write" and call.descriptor == SAID:
            yield call.content.decode()
            continue
        names = tuple(str(Path(path).relative_to(folder)) for path in call.paths if Path(path).is_relative_to(folder))
        if names and not names[0].endswith(_MEMORY):
            _replay(call, names, disk)
        yield ""


def _replay(call: Call, names: tuple[str, ...], disk: Disk) -> None:
    inode = disk.find(names[0])
    match call.name:
        case "openat":
            if inode is None and "O_CREAT" in call.flags:
                disk.create(names[0])
        case "unlink" | "unlinkat":
            disk.unlink(names[0])
        case "rename" | "renameat" | "renameat2":
            disk.rename(*names)
        case "mkdir" | "mkdirat":
            pass  # a folder is there as soon as something safe is in it
        case "fsync" | "fdatasync" if inode is None:
            disk.flush_names()
        case _ if inode is not None:
            _replay_content(call, inode, disk)
        case _:
            raise NotImplementedError(f"{call.name} of {names}")


def _replay_content(call: Call, inode: int, disk: Disk) -> None:
    match call.name:
        case "pwrite64":
            disk.write(inode, call.numbers[-1], call.content)
        case "write":
            disk.write(inode, 0, call.content)  # only ever the whole of a small file
        case "ftruncate":
            disk.resize(inode, call.numbers[-1])
        case "fsync" | "fdatasync":
            disk.flush(inode)
        case _:
            raise NotImplementedError(call.name)


def _parsed(line: str) -> Call | None:
    found = _LINE.match(line)
    if found is None or int(found["result"]) < 0:
        if "<unfinished" in line:
            raise NotImplementedError("more than one thread at work")
        return None
    arguments = found["arguments"]
    descriptor, base = -1, ""
    if described := _DESCRIPTOR.match(arguments):
        base = _bytes(described[2]).decode()
        descriptor = int(described[1]) if described[1] != "AT_FDCWD" else -1
    strings = [_bytes(text) for text, cut in _STRING.findall(arguments)]
    written = found["call"].startswith(("write", "pwrite"))
    paths = [] if written else [os.path.normpath(Path(base or "/", text.decode())) for text in strings]
    if base and (written or not strings):
        paths = [base]
    numbers = tuple(int(number) for number in re.findall(r", (\d+)(?=,|$)", _STRING.sub('""', arguments)))
    content = strings[0] if written and strings else b""
    return Call(found["call"], tuple(map(str, paths)), descriptor, content, numbers, _STRING.sub('""', arguments))


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))
