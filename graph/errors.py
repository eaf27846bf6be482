"""The error tree.

::

    JieduiError                 exit  what went wrong
    ├── UsageError               2    the call's words: unknown option value, subject not found
    ├── InputError               2    a file, table or setting cannot be read as what it should be
    │   ├── ScenarioError        2    scenario.toml: file, key and line
    │   └── TableErrors          2    bad rows: carries every finding of the read
    ├── CheckFailed              1    `verify`, `accept` or `--strict` found what must not be
    │   └── ReportFailed         1    the same, where the full report has been given
    ├── InfeasibleError          3    the rules cannot hold together
    ├── LimitReached             4    no answer within the limit
    ├── OutsideError             5    server, disk, memory, network, a killed solver
    └── Interrupted            130    the user pressed Ctrl-C

Anything else is a defect of ours (exit 70). Each error carries a :class:`~graph.language.Text` that says
where, what and how to mend it.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from graph.language import Text, several

if TYPE_CHECKING:
    from graph.findings import Finding


class JieduiError(Exception):
    """Anything that jiedui says no to. ``text`` in both languages; ``exit_code`` as design § 6."""

    exit_code: ClassVar[int] = 70

    def __init__(self, zh: str, en: str) -> None:
        self.text = Text(zh, en)
        super().__init__(self.text)

    def __str__(self) -> str:
        return str(self.text)

    def details(self) -> dict[str, Any]:
        """What it holds besides its words, as plain values for JSON; nothing by default."""
        return {}


class UsageError(JieduiError):
    """The call's words are wrong: an unknown value, or a subject that does not exist."""

    exit_code = 2


class InputError(JieduiError):
    """A file, table or setting cannot be read as what it should be."""

    exit_code = 2


class ScenarioError(InputError):
    """A scenario's own file is wrong; the text names file, key and line."""


class TableErrors(InputError):
    """Bad rows. ``findings`` holds every one of them (warnings and notices too), the text names errors only."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        errors = [f for f in findings if f.severity == "error"]
        n = len(errors)
        shown = errors[:100]
        more = n - len(shown)
        zh = "\n".join(f.text.zh for f in shown) + (f"\n……另有 {more} 处" if more else "")
        en = "\n".join(f.text.en for f in shown) + (f"\n… and {more} more" if more else "")
        super().__init__(
            f"数据有 {n} 处错误，未导入任何内容：\n{zh}", f"{several(n, 'bad row')}, nothing imported:\n{en}"
        )


class CheckFailed(JieduiError):
    """A check that was asked for found what must not be."""

    exit_code = 1


class ReportFailed(CheckFailed):
    """A check whose full report the command has given already; the text is its last line."""


class InfeasibleError(JieduiError):
    """The rules of a scenario cannot hold together; the text names the clash with names and numbers.

    ``certificate``: what proves it, JSON-ready, where people are too few (``docs/certificates.md``); else ``None``.
    ``stage``: whose rules; ``members``: a smallest set of them that clashes (:class:`planner.clash.members.Member`), each with key,
    value, title, names and numbers, and where it was set; ``irreducible``: whether each is known to be needed. For who lists the
    members: ``beside``, what the text says besides them, and ``tight``, rule → where it is tight.
    """

    exit_code = 3
    certificate: Mapping[str, Any] | None = None
    stage: str = ""
    members: Sequence[Any] = ()
    irreducible: bool = True
    beside: Text | None = None
    tight: Mapping[str, Text] = MappingProxyType({})

    def with_hint(self, hint: Text) -> InfeasibleError:
        """The same with a last line that says what to do."""
        found = InfeasibleError(f"{self.text.zh}\n{hint.zh}", f"{self.text.en}\n{hint.en}")
        found.certificate, found.stage = self.certificate, self.stage
        found.members, found.irreducible = self.members, self.irreducible
        found.beside, found.tight = self.beside, self.tight
        return found

    def details(self) -> dict[str, Any]:
        """The stage and the members."""
        if not self.stage:
            return {}
        return {
            "stage": self.stage,
            "members": [m.as_dict() for m in self.members],
            "irreducible": self.irreducible,
        }


class LimitReached(JieduiError):
    """No answer within the limit that was set."""

    exit_code = 4


class OutsideError(JieduiError):
    """Something outside failed: disk, memory, server, network, a solver process that was killed."""

    exit_code = 5


class Interrupted(JieduiError):
    """The user ended the work."""

    exit_code = 130


REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "系统不允许",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EROFS: "只读",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "已经存在",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.ENAMETOOLONG: "名称太长",
    errno.ELOOP: "符号链接绕成了圈",
    errno.EFBIG: "文件太大",
    errno.EIO: "读写出错",
    errno.EBUSY: "正被占用",
    errno.ETXTBSY: "正被占用",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.ENODEV: "没有这个设备",
    errno.ENXIO: "没有这个设备",
    errno.EINVAL: "系统不接受这个名称或操作",
    errno.EXDEV: "跨了不同的磁盘",
}
"""Number of a system's error → Chinese; in English the system's own words are used."""


def reason_of(error: OSError) -> Text:
    """Why the system refused, in both languages; what it says itself where the number is not listed."""
    own = error.strerror or str(error)
    return Text(REASONS.get(error.errno or 0, own), own)
