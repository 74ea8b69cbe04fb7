"""Prints the counts; see ../house.sh."""

import argparse
import pathlib

import shapes
import source
from folders import FolderGraph

WIDTHS = (120, 140, 160, 220)
MOST_LINES = 300


def percent(part, whole):
    return f"{100 * part / whole:.2f} %" if whole else "-"


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "|".join(["---"] + ["---:"] * (len(head) - 1)) + "|")
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def projects(root):
    return sorted({p.parent.relative_to(root) for p in (root / "src").rglob("*.csproj")}, key=str)


def main():
    parser = argparse.ArgumentParser(prog="eng/house.sh", description=__doc__)
    parser.add_argument("root", nargs="?", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--list", metavar="WORD", help="show the places behind counts whose names hold WORD")
    options = parser.parse_args()
    root = options.root.resolve()

    sources = {str(p): source.read(root, p) for p in projects(root)}
    sources = {p: files for p, files in sources.items() if files}
    if not sources:
        parser.error(f"{root} has no C# project in src")
    everything = [s for files in sources.values() for s in files]
    around = source.read(root, *[f for f in ("tool", "plugins") if (root / f).is_dir()])

    places = {
        "interfaces": (everything, shapes.interfaces),
        "static methods called `Of`": (everything, shapes.static_of),
        "static methods called `Of` in tool and plugins": (around, shapes.static_of),
        f"records with more than {shapes.MOST_PARAMETERS} positional parameters": (everything, shapes.long_records),
        f"methods with more than {shapes.MOST_PARAMETERS} parameters": (everything, shapes.long_methods),
        "nested conditional expressions": (everything, shapes.nested_conditionals),
        "clip shapes: types with a clip, before and after": (everything, shapes.clip_shapes),
        "error formulas: absolute differences of prediction and rating": (everything, shapes.error_formulas),
        "Parquet writers": (everything, shapes.parquet_writers),
    }
    found = {name: [place for s in files for place in count(s)] for name, (files, count) in places.items()}
    found[f"files over {MOST_LINES} lines"] = [f"{s.name} ({len(s.lines)})" for s in everything if len(s.lines) > MOST_LINES]
    graphs = {p: FolderGraph(files, "MerBench." + p.rpartition("/")[2]) for p, files in sources.items()}
    found["folder cycles"] = [f"{p}: {', '.join(c)}" for p, g in graphs.items() for c in g.cycles()]
    found["two-way pairs of folders"] = [
        f"{p}: {a} <-> {b}\n    " + "\n    ".join(sorted(g.needs[a][b])[:3] + sorted(g.needs[b][a])[:3])
        for p, g in graphs.items()
        for a, b in g.two_way_pairs()
    ]

    if options.list:
        for name, all_places in found.items():
            if options.list in name:
                print(f"{name}: {len(all_places)}", *all_places, sep="\n  ")
        return

    table(
        ["lines of C#", "lines"] + [f"> {w}" for w in WIDTHS] + ["interfaces"],
        [
            [p, len(lines := [line for s in files for line in s.lines])]
            + [percent(sum(len(line) > w for line in lines), len(lines)) for w in WIDTHS]
            + [sum(len(shapes.interfaces(s)) for s in files)]
            for p, files in sources.items()
        ],
    )
    table(
        ["folders", "folders", "in cycles", "largest cycle", "two-way pairs"],
        [
            [p, len(g.folders), sum(map(len, g.cycles())), max(map(len, g.cycles()), default=0), len(g.two_way_pairs())]
            for p, g in graphs.items()
            if g.folders
        ],
    )
    shown = [[name, len(all_places)] for name, all_places in found.items() if name != "interfaces"]
    table(["in src, where not said otherwise", "count"], shown)


if __name__ == "__main__":
    main()
