"""Reads a file into a `Script`, or into all of its problems."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from voiceguide.audio import Frames
from voiceguide.errors import Problem, ScriptError
from voiceguide.script import kinds, limits, shapes, spec
from voiceguide.script.build import RESERVED, Builder, Scope
from voiceguide.script.files import Files, SourceFile
from voiceguide.script.given import Given
from voiceguide.script.model import PACES, Bed, Lengths, Own, Pace, Script, Use, Where
from voiceguide.script.read import Reader, TooMuch
from voiceguide.script.report import Report, did_you_mean, short
from voiceguide.script.source import Items, Node, Pairs, Scalar

MOST_USES: Final = 8
"""The deepest nesting of files that use each other."""

MOST_VALUES: Final = 5_000
"""The most values of all options together."""

_HOLDS: Final = re.compile(r"\bhold(?:s|ing)?\b", re.IGNORECASE)


def load(path: str | Path, *, folder: Path | None = None) -> Script:
    """Return the script in the file *path*.

    *folder* is where `use` and `sound` look first; the file's own folder by default.

    Raises:
        ScriptError: with every error in the file and the files it uses, in file order.
    """
    script, problems = examine(path, folder=folder)
    if script is None:
        raise ScriptError(tuple(problem for problem in problems if problem.severity == "error"))
    return script


def examine(path: str | Path, *, folder: Path | None = None) -> tuple[Script | None, tuple[Problem, ...]]:
    """Return the script *path*, or None if it has errors, and all its problems, warnings included."""
    path = Path(path)
    loading = _Loading(path, folder or path.parent)
    script = loading.script()
    problems = loading.problems()
    wrong = any(problem.severity == "error" for problem in problems)
    return None if wrong else script, problems


def examine_block(path: str | Path, *, folder: Path | None = None) -> tuple[Problem, ...]:
    """Return all problems of the block *path*, read alone, so that any option may occur."""
    path = Path(path)
    loading = _Loading(path, folder or path.parent)
    loading.block_alone()
    return loading.problems()


class _Loading:
    """One script being read, with the files it uses."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._path = path
        self._files = Files(folder)
        self._report = Report()
        self._scope = Scope(None, holds=True)
        self._chain: list[tuple[str, Path]] = []

    def problems(self) -> tuple[Problem, ...]:
        """Return the problems found, the script's own first, in file order."""
        main = str(self._path)
        return tuple(sorted(self._report.problems, key=lambda found: (found.path != main, found)))

    def script(self) -> Script | None:
        """Return the script, or None if it has problems, which are noted."""
        source = self._files.script(self._path)
        root = self._root(source, "a script")
        if root is None:
            return None
        self._scope = Scope(_options(root.get("options")), holds=_has_holds(root.get("contains")))
        self._chain.append((self._path.stem, source.real))
        given = self._read(spec.SCRIPT, root, source, self._scope)[0]
        self._check_options(root, source)
        if given is None:
            return None
        script = self._script(given)
        before = len(self._report.problems)
        needed = limits.measure(script.steps, self._report.add).least
        never = limits.too_short(needed, script.length.most)
        if never and len(self._report.problems) == before:
            self._report.add(given.at("length"), never)
        return script

    def block_alone(self) -> None:
        """Read the file as a block and note its problems."""
        source = self._files.script(self._path)
        root = self._root(source, "a block")
        if root is not None:
            self._chain.append((self._path.stem, source.real))
            self._block(root, source, 0)

    def use(self, name: str, given: Mapping[str, str], where: Where, nested: int) -> Use | None:
        """Return the block *name* with the values *given*, or None if it has problems, which are noted."""
        try:
            source = self._files.block(name)
        except ValueError as error:
            self._report.add(where, str(error))
            return None
        real = source.real
        chain = [path for _, path in self._chain]
        if real in chain:
            circle = [*(called for called, _ in self._chain[chain.index(real) :]), name]
            self._report.add(where, f"files use each other in a circle: {' -> '.join(circle)}; break it")
            return None
        if len(chain) > MOST_USES:
            self._report.add(where, f"files use each other more than {MOST_USES} deep here; write it flatter")
            return None
        root = self._root(source, "a block")
        if root is None:
            return None
        self._chain.append((name, real))
        block = self._block(root, source, nested)
        self._chain.pop()
        return None if block is None else self._with(name, block, given, where)

    def _block(self, root: Pairs, source: SourceFile, nested: int) -> Given | None:
        """Return the fields of a block."""
        foreign = next((key for key, _ in root.pairs if key.text in ("technique", "length", "options")), None)
        if foreign:
            where = Where(source.shown, foreign.line, foreign.column, foreign.text)
            self._report.add(
                where, "this is a whole script; a block has only voiceguide, title, values and steps"
            )
            return None
        declared = root.get("values")
        names = [key for key, _ in declared.pairs] if isinstance(declared, Pairs) else []
        values = frozenset(key.text for key in names)
        scope = Scope(self._scope.options, self._scope.holds, values, block=True)
        given, filled = self._read(spec.BLOCK, root, source, scope, nested)
        for key in names:
            where = Where(source.shown, key.line, key.column, f"values.{key.text}")
            if key.text in RESERVED:
                self._report.add(
                    where, f'"{key.text}" always stands for something already; choose another name'
                )
            elif key.text not in filled:
                self._report.add(where, f"no text of this block has {{{key.text}}} in it", "warning")
        return given

    def _with(self, name: str, block: Given, given: Mapping[str, str], where: Where) -> Use:
        """Return the `Use` of a *block* that has been read."""
        values: dict[str, str] = dict(block.get("values", dict) or {})
        for key in given:
            if key not in values:
                what = f'"{key}" is not a value that {name} takes{did_you_mean(key, values)}'
                self._report.add(where, what, "warning")
        values.update((key, value) for key, value in given.items() if key in values)
        for key, value in values.items():
            if not value:
                self._report.add(
                    where, f'{name} needs a value for "{key}"; write with: {{{key}: some words}}'
                )
        return Use(where, None, name, block.need("steps", tuple), tuple(values.items()))

    def _root(self, source: SourceFile, what: str) -> Pairs | None:
        """Return the keys of a whole file, noting the problems of its form."""
        self._report.problems.update(dict.fromkeys(source.problems))
        if source.node is None or isinstance(source.node, Pairs):
            return source.node
        where = Where(source.shown, source.node.line, source.node.column)
        self._report.add(where, f"{what} is made of keys and values; begin it with voiceguide: 1")
        return None

    def _read(
        self, group: shapes.Group, root: Pairs, source: SourceFile, scope: Scope, nested: int = 0
    ) -> tuple[Given | None, set[str]]:
        """Return the fields of a file, and the names of the placeholders in it."""
        builder = Builder(scope, self._report, self._files, self)
        reader = Reader(source.shown, self._report, builder.hooks(), nested)
        try:
            given = reader.value(group, root, "")
        except TooMuch:
            if nested:
                raise
            return None, builder.filled
        return (given if isinstance(given, Given) else None), builder.filled

    def _check_options(self, root: Pairs, source: SourceFile) -> None:
        declared = root.get("options")
        values = sum(len(given) for given in (_options(declared) or {}).values())
        if declared is not None and values > MOST_VALUES:
            where = Where(source.shown, declared.line, declared.column, "options")
            self._report.add(
                where, f"the options have {values:,} values; a script has at most {MOST_VALUES:,}"
            )
        for key, node in declared.pairs if isinstance(declared, Pairs) else ():
            where = Where(source.shown, key.line, key.column, f"options.{key.text}")
            if key.text in RESERVED:
                self._report.add(
                    where, f'"{key.text}" always stands for something already; choose another name'
                )
            elif key.text not in self._report.used:
                self._report.add(where, "no step asks for this option, in an if or in its text", "warning")
            items = node.nodes if isinstance(node, Items) else ()
            counts = Counter(item.text for item in items if isinstance(item, Scalar))
            for text in (text for text, count in counts.items() if count > 1):
                self._report.add(where, f'"{short(text)}" is written twice; keep one')

    def _script(self, given: Given) -> Script:
        voice, bed = given.get("voice", Given), given.need("ambience", Given)
        sound = bed.need("sound", str)
        return Script(
            name=self._path.stem,
            path=self._path,
            title=given.need("title", str),
            summary=given.get("summary", str) or "",
            technique=given.get("technique", str) or "",
            language=given.need("language", str),
            intensity=given.need("intensity", str),
            contains=given.get("contains", tuple) or (),
            length=self._lengths(given.need("length", Given)),
            options=given.get("options", dict) or {},
            pace=Pace(voice.need("pace", int)) if voice else PACES["slow"],
            voice=voice.get("name", str) if voice else None,
            bed=Bed(None if sound == "none" else sound, bed.need("level", float)),
            steps=given.need("steps", tuple),
            digest=self._files.digest(),
            warnings=tuple(found for found in self.problems() if found.severity == "warning"),
        )

    def _lengths(self, given: Given) -> Lengths | Own:
        if given.get("default", str) == kinds.AUTO:
            return self._own(given)
        default = Frames(given.need("default", int))
        least = Frames(given.get("least", int) or default)
        most = Frames(given.get("most", int) or default)
        if least > default:
            self._report.add(given.at("least"), "least is longer than default; write a shorter time")
        if most < default:
            self._report.add(given.at("most"), "most is shorter than default; write a longer time")
        return Lengths(default, least, most)

    def _own(self, given: Given) -> Own:
        for name in ("least", "most"):
            if name in given.values:
                what = f"a length that is auto is worked out from the lines; leave {name} out"
                self._report.add(given.at(name), what)
        return Own()


def _options(node: Node | None) -> dict[str, tuple[str, ...]] | None:
    """Return the options as written, before they are checked; None if they cannot be determined."""
    if node is None:
        return {}
    if not isinstance(node, Pairs):
        return None
    return {
        key.text: tuple(item.text.strip() for item in inner.nodes if isinstance(item, Scalar))
        for key, inner in node.pairs
        if isinstance(inner, Items)
    }


def _has_holds(node: Node | None) -> bool:
    """Return whether `contains`, as written, lists breath holds."""
    items = node.nodes if isinstance(node, Items) else ()
    return any(_HOLDS.search(item.text) for item in items if isinstance(item, Scalar))
