namespace MerBench.Tests;

/// <summary>Operators that cut, turn and make tensors.</summary>
internal static class ShapeCases
{
    private static readonly long[] Cube = [2, 3, 4];

    public static IEnumerable<OperatorCase> All() => Forms().Concat(Cuts()).Concat(Made());

    private static IEnumerable<OperatorCase> Forms()
    {
        yield return OperatorCases.One("Identity", Cube);
        yield return OperatorCases.One("Dropout", Cube);
        yield return OperatorCases.One("Reshape", Cube, "to", weights: g => g.Longs("to", 0, -1));
        yield return OperatorCases.One("Flatten", Cube, with: [("axis", 2)]);
        yield return OperatorCases.One("Squeeze", [2, 1, 3, 1], "axes", weights: g => g.Longs("axes", 1, -1));
        yield return OperatorCases.One("Squeeze", [2, 1, 3, 1], with: [("axes", new long[] { 3 })], opset: 11);
        yield return OperatorCases.One("Unsqueeze", Cube, "axes", weights: g => g.Longs("axes", -1, 0));
        yield return OperatorCases.One("Unsqueeze", Cube, with: [("axes", new long[] { 1 })], opset: 11);
        yield return OperatorCases.One("Transpose", Cube, with: [("perm", new long[] { 2, 0, 1 })]);
        yield return OperatorCases.One("Transpose", Cube);
        yield return OperatorCases.One("Expand", [2, 1, 3], "to", weights: g => g.Longs("to", 4, 1));
        yield return OperatorCases.One("Tile", Cube, "times", weights: g => g.Longs("times", 1, 2, 3));
        yield return OperatorCases.One("Cast", Cube, with: [("to", 6)], smooth: false);
        yield return OperatorCases.One("CastLike", Cube, "w", weights: g => g.Weights("w", 1));
        yield return Counted("Shape", "x -> s", ("start", 1));
        yield return Counted("Size", "x -> s");
    }

    private static IEnumerable<OperatorCase> Cuts()
    {
        yield return OperatorCases.One("Concat", Cube, "w x", [("axis", -1)], g => g.Weights("w", 2, 3, 1));
        yield return new OperatorCase(
            "Split",
            new CraftedGraph(17, new CraftedNode("Split", "x n -> y z", ("axis", 2))).Longs("n", 1, 3).Outputs("y", "z"),
            Cube,
            true
        );
        yield return new OperatorCase(
            "Split even",
            new CraftedGraph(17, new CraftedNode("Split", "x -> y z", ("axis", -1))).Outputs("z", "y"),
            Cube,
            true
        );
        yield return OperatorCases.One(
            "Slice",
            [2, 5, 6],
            "a b c s",
            weights: g => g.Longs("a", 1, -1).Longs("b", 99, -99).Longs("c", 1, 2).Longs("s", 2, -2)
        );
        yield return OperatorCases.One("Slice", [2, 5, 6], "a b", weights: g => g.Longs("a", 0, -3).Longs("b", 1, -1));
        yield return OperatorCases.One("Gather", Cube, "i", [("axis", 1)], g => g.Raw("i", 7, [2, 2], Longs(0, 2, -1, 0)));
        yield return OperatorCases.One("Gather", Cube, "one", [("axis", 2)], g => g.Long("one", 1));
        yield return OperatorCases.One("GatherElements", [2, 3], "i", [("axis", 1)], g => g.Raw("i", 7, [2, 2], Longs(0, 2, -1, 0)));
        yield return OperatorCases.One("GatherND", Cube, "i", weights: g => g.Raw("i", 7, [2, 2], Longs(0, 2, 1, 0)));
        yield return OperatorCases.One("ScatterND", Cube, "i w", weights: g => g.Raw("i", 7, [2, 2], Longs(0, 2, 1, 0)).Weights("w", 2, 4));
        yield return OperatorCases.One("Trilu", [2, 4, 4], "k", [("upper", 0)], g => g.Long("k", -1));
        yield return OperatorCases.One("DepthToSpace", [1, 8, 2, 3], with: [("blocksize", 2)]);
        yield return OperatorCases.One("DepthToSpace", [1, 8, 2, 3], with: [("blocksize", 2), ("mode", "CRD")]);
        foreach (string mode in (string[])["reflect", "edge"])
            yield return OperatorCases.One("Pad", Cube, "p", [("mode", mode)], g => g.Longs("p", 0, 1, 2, 0, 2, 3));
        yield return OperatorCases.One("Pad", Cube, "p v", weights: g => g.Longs("p", 0, 1, -1, 0, 2, 3).Floats("v", [], 0.7f));
        yield return OperatorCases.One(
            "Pad",
            Cube,
            "p v axes",
            weights: g => g.Longs("p", 1, 2).Floats("v", [], 0).Longs("axes", -1),
            opset: 18
        );
    }

    private static IEnumerable<OperatorCase> Made()
    {
        byte[] seven = CraftedGraph.Stored("", 1, [1], w => CraftedGraph.Part(w, 4, BitConverter.GetBytes(0.7f)));
        yield return Added("Constant", new CraftedNode("Constant", "-> c", ("value", seven)));
        yield return Added("Constant floats", new CraftedNode("Constant", "-> c", ("value_floats", new[] { 1f, 2f, 3f, 4f })));
        yield return new OperatorCase(
            "ConstantOfShape",
            new CraftedGraph(17, new("ConstantOfShape", "n -> c", ("value", seven)), new("Add", "x c -> y")).Longs("n", 3, 1),
            Cube,
            true
        );
        yield return new OperatorCase(
            "Range",
            new CraftedGraph(17, new("Range", "a b c -> r"), new("Cast", "r -> f", ("to", 1)), new("Add", "x f -> y"))
                .Long("a", 1)
                .Long("b", 9)
                .Long("c", 2),
            Cube,
            true
        );
        yield return new OperatorCase("EyeLike", new CraftedGraph(17, new("EyeLike", "x -> e"), new("Add", "x e -> y")), [3, 4], true);
        yield return new OperatorCase(
            "OneHot",
            new CraftedGraph(17, new("OneHot", "i d v -> h", ("axis", -1)), new("Add", "x h -> y"))
                .Longs("i", 2, -1, 0)
                .Long("d", 4)
                .Floats("v", [2], 0.1f, 0.9f),
            Cube,
            true
        );
        yield return new OperatorCase(
            "If",
            new CraftedGraph(
                17,
                new("ReduceMean", "x -> m", ("keepdims", 0)),
                new("Greater", "m limit -> g"),
                new("If", "g -> y", ("then_branch", Branch("Neg")), ("else_branch", Branch("Exp")))
            ).Floats("limit", [], 5),
            Cube,
            true
        );

        static OperatorCase Added(string name, CraftedNode node) =>
            new(name, new CraftedGraph(17, node, new("Add", "x c -> y")), Cube, true);

        static CraftedGraph Branch(string name) => new CraftedGraph(17, new CraftedNode(name, "x -> inner")).Outputs("inner");
    }

    private static OperatorCase Counted(string name, string flow, params (string, object)[] with) =>
        new(name, new CraftedGraph(17, new(name, flow, with), new("Cast", "s -> y", ("to", 1))), Cube, false);

    private static byte[] Longs(params long[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];
}
