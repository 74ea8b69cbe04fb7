"""C# files, with and without what is no code."""

import pathlib
import re

SKIPPED = {"bin", "obj"}


class Source:
    """A file: its text, and its code, which has the same length and lines, with comments and the text of literals blanked."""

    def __init__(self, path, root):
        self.path = path
        self.name = str(path.relative_to(root))
        self.text = path.read_text(encoding="utf-8-sig")
        self.lines = self.text.splitlines()
        self.code = blank(self.text)
        found = re.search(r"^\s*namespace\s+([\w.]+)", self.code, re.MULTILINE)
        self.namespace = found.group(1) if found else ""

    def place(self, offset):
        return f"{self.name}:{self.text.count(chr(10), 0, offset) + 1}"


def read(root, *folders):
    return [
        Source(path, root)
        for folder in folders
        for path in sorted((root / folder).rglob("*.cs"))
        if not SKIPPED & set(path.relative_to(root).parts)
    ]


def blank(text):
    """Keeps code, and the code in the holes of interpolated strings."""
    out = list(text)
    _scan(text, 0, out, holes=0)
    return "".join(out)


def _erase(out, start, end):
    for i in range(start, min(end, len(out))):
        if out[i] != "\n":
            out[i] = " "


LITERAL = re.compile(r'(?P<prefix>\$*@?\$*)(?P<quotes>"+)')
CHARACTER = re.compile(r"'(\\.[^']*|[^'\\\n])'")


def _scan(text, i, out, holes):
    """Reads code from i to the end of the text, or, in a hole, to the brace that closes it; returns where that is."""
    depth = 0
    while i < len(text):
        two = text[i : i + 2]
        if two == "//":
            end = text.find("\n", i)
            end = len(text) if end < 0 else end
            _erase(out, i, end)
            i = end
        elif two == "/*":
            end = text.find("*/", i) + 2
            _erase(out, i, end)
            i = end
        elif text[i] == "'" and (character := CHARACTER.match(text, i)):
            _erase(out, i, character.end())
            i = character.end()
        elif text[i] in '$@"' and (literal := LITERAL.match(text, i)):
            i = _skip_literal(text, i, literal, out)
        else:
            depth += {"{": 1, "}": -1}.get(text[i], 0)
            if holes and depth < 0:
                return i
            i += 1
    return i


def _skip_literal(text, start, literal, out):
    dollars, verbatim = literal["prefix"].count("$"), "@" in literal["prefix"]
    quotes = len(literal["quotes"])
    raw = quotes >= 3 and not verbatim
    if not raw and quotes % 2 == 0 and quotes == 2:
        _erase(out, start, literal.end())
        return literal.end()
    opening = quotes if raw else 1
    i = literal.start("quotes") + opening
    _erase(out, start, i)
    # In "{{" a brace is text; raw strings have holes of as many braces as dollars.
    braces = dollars if raw else min(dollars, 1)
    while i < len(text):
        if text[i] == '"':
            run = len(re.match('"+', text[i:]).group())
            if raw and run >= opening:
                _erase(out, i, i + run)
                return i + run
            if not raw and verbatim and run >= 2:
                _erase(out, i, i + 2)
                i += 2
                continue
            if not raw:
                _erase(out, i, i + 1)
                return i + 1
        if text[i] == "\\" and not raw and not verbatim:
            _erase(out, i, i + 2)
            i += 2
        elif braces and text[i] == "{":
            run = len(re.match(r"\{+", text[i:]).group())
            is_hole = run >= braces if raw else run % 2 == 1
            _erase(out, i, i + run)
            i += run
            if is_hole:
                # As parentheses, so that the hole reads as an expression of its own.
                out[i - 1] = "("
                end = _scan(text, i, out, holes=braces)
                _erase(out, end, end + braces)
                if end < len(out):
                    out[end] = ")"
                i = end + braces
        else:
            _erase(out, i, i + 1)
            i += 1
    return i


def balanced(code, start):
    """The end of the bracket that opens at start, behind it."""
    pairs, depth = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}, 0
    for i in range(start, len(code)):
        depth += pairs.get(code[i], 0)
        if depth == 0:
            return i + 1
    return len(code)


def parts(code):
    """Splits at commas that stand in no bracket; angles of generics are brackets too."""
    found, depth, begin = [], 0, 0
    for i, c in enumerate(code):
        if c in "([{<":
            depth += 1
        elif c in ")]}" or (c == ">" and code[i - 1] != "="):
            depth -= 1
        elif c == "," and depth == 0:
            found.append(code[begin:i])
            begin = i + 1
    found.append(code[begin:])
    return [p for p in found if p.strip()]
