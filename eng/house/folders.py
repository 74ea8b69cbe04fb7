"""Which folder (the first word of a namespace behind the project's) needs which, and where that goes in circles."""

import collections
import re

TYPE = re.compile(r"\b(?:class|struct|interface|enum|record(?:\s+struct|\s+class)?)\s+([A-Z]\w*)")
DELEGATE = re.compile(r"\bdelegate\s+[^;(]*?\b([A-Z]\w*)\s*(?:<[^>]*>)?\(")
EXTENSION = re.compile(r"\b([A-Z]\w*)\s*(?:<[^>(]*>)?\(\s*this\s")
USING = re.compile(r"^\s*(?:global\s+)?using\s+(?:static\s+)?([\w.]+)\s*;", re.MULTILINE)
WORD = re.compile(r"\b[A-Z]\w*")


class FolderGraph:
    def __init__(self, sources, project):
        self.project = project
        self.sources = [s for s in sources if s.namespace == project or s.namespace.startswith(project + ".")]
        declared = collections.defaultdict(set)
        for source in self.sources:
            for pattern in (TYPE, DELEGATE, EXTENSION):
                declared[source.namespace].update(pattern.findall(source.code))
        self.declared = declared
        self.folders = sorted({self.folder(s.namespace) for s in self.sources} - {""})
        self.needs = collections.defaultdict(lambda: collections.defaultdict(set))
        for source in self.sources:
            self._read(source)

    def folder(self, namespace):
        return namespace[len(self.project) + 1 :].split(".")[0]

    def _read(self, source):
        here = self.folder(source.namespace)
        words = set(WORD.findall(source.code))
        for namespace in USING.findall(source.code):
            # 'using static' names a type; its namespace is the rest.
            for used in (namespace, namespace.rpartition(".")[0]):
                for name in words & self.declared.get(used, set()):
                    self._note(here, used, source, name)
        # 'Results.Tables.ClipTable' and 'Results.Doubt' need no using directive.
        for namespace, names in self.declared.items():
            short = namespace[len(self.project) + 1 :]
            if short and short.split(".")[0] in words:
                for name in re.findall(rf"\b{re.escape(short)}\.([A-Z]\w*)", source.code):
                    if name in names:
                        self._note(here, namespace, source, name)

    def _note(self, here, namespace, source, name):
        there = self.folder(namespace)
        if here and there and here != there:
            self.needs[here][there].add(f"{source.name} needs {namespace}.{name}")

    def two_way_pairs(self):
        return [
            (a, b) for a in self.folders for b in self.folders if a < b and b in self.needs.get(a, {}) and a in self.needs.get(b, {})
        ]

    def cycles(self):
        """Strongly connected components of more than one folder (Tarjan)."""
        index, low, stack, found = {}, {}, [], []

        def visit(v):
            index[v] = low[v] = len(index)
            stack.append(v)
            for w in self.needs.get(v, {}):
                if w not in index:
                    visit(w)
                    low[v] = min(low[v], low[w])
                elif w in stack:
                    low[v] = min(low[v], index[w])
            if low[v] == index[v]:
                at = stack.index(v)
                component, stack[at:] = stack[at:], []
                if len(component) > 1:
                    found.append(sorted(component))

        for v in self.folders:
            if v not in index:
                visit(v)
        return found
