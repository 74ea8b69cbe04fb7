"""Declarations and expressions that are hard to read, each as a list of places."""

import re

from source import balanced, parts

MOST_PARAMETERS = 8
RECORD = re.compile(r"\brecord(?:\s+struct|\s+class)?\s+([A-Z]\w*)\s*(?:<[^>(]*>)?\s*\(")
MODIFIERS = "public|private|protected|internal|static|override|virtual|async|sealed|partial|unsafe|extern"
METHOD = re.compile(rf"^[ \t]*(?:(?:{MODIFIERS})\s+)+(?:(?!\brecord\b)[^=;{{}}()])*?\b([A-Z]\w*)\s*(?:<[^>()]*>)?\(", re.MULTILINE)
STATIC_OF = re.compile(r"\bstatic\s+[^=;{}]*?\bOf\s*(?:<[^>()]*>)?\(")
INTERFACE = re.compile(r"\binterface\s+I[A-Z]\w*")
# Formatted code has spaces around the conditional operator, and none before the mark of a nullable type.
TOKEN = re.compile(r"(?P<ask>(?<=\s)\?(?=\s))|(?P<lambda>=>)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<end>[;,])")
CLIP = re.compile(r"\bstring\s+(?:Clip|Id|File|Song)\w*\s*[,)]")
CLEAN, PERTURBED = (re.compile(rf"\b(?:{words})\w*\s*[,)]") for words in ("Clean|Before", "Perturbed|After"))
ABSOLUTE, RATING = (re.compile(pattern, re.IGNORECASE) for pattern in (r"\babs\(", r"\bratings?\b"))


def interfaces(source):
    return [source.place(m.start()) for m in INTERFACE.finditer(source.code)]


def static_of(source):
    return [source.place(m.start()) for m in STATIC_OF.finditer(source.code)]


def long_records(source):
    return _with_many_parameters(source, RECORD)


def long_methods(source):
    return _with_many_parameters(source, METHOD)


def _with_many_parameters(source, pattern):
    found = []
    for m in pattern.finditer(source.code):
        count = len(parts(source.code[m.end() : balanced(source.code, m.end() - 1) - 1]))
        if count > MOST_PARAMETERS:
            found.append(f"{source.place(m.start(1))} {m.group(1)} ({count})")
    return found


def nested_conditionals(source):
    """A conditional expression in a branch of another, in parentheses or not; arguments of calls and lambdas begin anew."""
    found, scopes = [], [[]]
    for m in TOKEN.finditer(source.code):
        kind = m.lastgroup
        if kind == "ask":
            if scopes[-1]:
                found.append(source.place(m.start()))
            scopes[-1].append("?")
        elif kind == "open":
            before = source.code[: m.start()].rstrip()[-1:]
            groups = m.group() == "(" and not re.match(r"[\w>\])]", before or " ")
            scopes.append(list(scopes[-1]) if groups else [])
        elif kind == "close":
            if len(scopes) > 1:
                scopes.pop()
            if m.group() == "}":
                scopes[-1].clear()
        elif kind in ("end", "lambda"):
            scopes[-1].clear()
    return found


def clip_shapes(source):
    """Records of one clip that hold it before and after a perturbation."""
    found = []
    for m in RECORD.finditer(source.code):
        members = source.code[m.end() : balanced(source.code, m.end() - 1)]
        if all(pattern.search(members) for pattern in (CLIP, CLEAN, PERTURBED)):
            found.append(f"{source.place(m.start(1))} {m.group(1)}")
    return found


def error_formulas(source):
    """Lines that take an absolute difference from ratings, in C#, tensors or SQL: the error of a clip."""
    return [
        f"{source.name}:{number}"
        for number, line in enumerate(source.lines, 1)
        if ABSOLUTE.search(line) and RATING.search(line) and not line.lstrip().startswith("//")
    ]


def parquet_writers(source):
    return [source.place(m.start()) for m in re.finditer(r"\bParquetWriter\.CreateAsync|\bnew ParquetWriter\b", source.code)]
