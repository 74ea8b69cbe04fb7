namespace MerBench.Tests;

/// <summary>Graphs for all operators, in the variants that exporters write.</summary>
internal static class OperatorCases
{
    private static readonly long[] Map = [2, 3, 6, 5],
        Rows = [3, 4],
        Line = [2, 3, 9];

    public static IEnumerable<TestCaseData> All() =>
        Elementwise()
            .Concat(Pairs())
            .Concat(Layers())
            .Concat(RecurrentCases.All())
            .Concat(ShapeCases.All())
            .Concat(Rest())
            .Select(c => new TestCaseData(c).SetArgDisplayNames(c.Name));

    /// <summary>One node from <c>x</c>, and what else it is given, to <c>y</c>.</summary>
    public static OperatorCase One(
        string name,
        long[] shape,
        string more = "",
        (string, object)[]? with = null,
        Action<CraftedGraph>? weights = null,
        int opset = 17,
        bool smooth = true
    )
    {
        var graph = new CraftedGraph(opset, new CraftedNode(name, $"x {more} -> y", with ?? []));
        weights?.Invoke(graph);
        return new OperatorCase(
            $"{name} {more}{opset}{string.Concat((with ?? []).Select(a => $" {a.Item1}={Write(a.Item2)}"))}",
            graph,
            shape,
            smooth
        );
    }

    private static string Write(object value) =>
        value switch
        {
            long[] numbers => string.Join(',', numbers),
            byte[] or CraftedGraph => "...",
            _ => $"{value}",
        };

    private static IEnumerable<OperatorCase> Elementwise()
    {
        string[] anywhere =
        [
            "Abs",
            "Neg",
            "Exp",
            "Sin",
            "Cos",
            "Atan",
            "Sinh",
            "Cosh",
            "Asinh",
            "Erf",
            "Sigmoid",
            "Tanh",
            "Softplus",
            "Softsign",
        ];
        foreach (
            string name in anywhere.Concat(["Relu", "LeakyRelu", "Elu", "Selu", "Celu", "ThresholdedRelu", "HardSigmoid", "HardSwish"])
        )
            yield return One(name, Rows);
        foreach (string name in (string[])["Floor", "Ceil", "Round", "Sign"])
            yield return One(name, Rows, smooth: false);
        foreach (string name in (string[])["Log", "Sqrt", "Reciprocal", "Acosh"])
            yield return Around(name, 1.1);
        foreach (string name in (string[])["Asin", "Acos", "Atanh", "Tan"])
            yield return new OperatorCase(name, new(17, new("Mul", "x half -> z"), new(name, "z -> y")), Rows, true).With(g =>
                g.Floats("half", [], 0.45f)
            );
        yield return One("Mish", Rows, opset: 18);
        yield return One("Gelu", Rows, opset: 20);
        yield return One("Gelu", Rows, with: [("approximate", "tanh")], opset: 20);
        yield return One("Celu", Rows, with: [("alpha", 0.7f)]);
        yield return One("PRelu", [2, 3, 4], "slope", weights: g => g.Weights("slope", 3, 1));
        yield return One("Clip", Rows, "low high", weights: g => g.Floats("low", [], -0.3f).Floats("high", [], 0.6f));
        yield return One("Clip", Rows, "_ high", weights: g => g.Floats("high", [], 0.6f));
        foreach (int opset in (int[])[12, 17])
        {
            yield return One("Softmax", [2, 3, 4], with: [("axis", 1)], opset: opset);
            yield return One("LogSoftmax", [2, 3, 4], with: [("axis", 1)], opset: opset);
        }

        yield return Asked("IsNaN");
        yield return Asked("IsInf");
        yield return new OperatorCase(
            "Not",
            new(17, new("Greater", "x w -> g"), new("Not", "g -> n"), new("Cast", "n -> y", ("to", 1))),
            Rows,
            false
        ).With(g => g.Weights("w", 4));

        static OperatorCase Around(string name, double from) =>
            new(name, new CraftedGraph(17, new CraftedNode(name, "x -> y")), Rows, true) { From = from };

        static OperatorCase Asked(string name) => new(name, new(17, new(name, "x -> g"), new("Cast", "g -> y", ("to", 1))), Rows, false);
    }

    private static IEnumerable<OperatorCase> Pairs()
    {
        foreach (string name in (string[])["Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean"])
            yield return One(name, [2, 3, 4], "w", weights: g => g.Weights("w", 3, 1));
        yield return One("Pow", Rows, "two", weights: g => g.Floats("two", [], 2));
        yield return new OperatorCase("Pow root", new(17, new CraftedNode("Pow", "x w -> y")), Rows, true) { From = 0.5 }.With(g =>
            g.Floats("w", [], 0.33f)
        );
        yield return One("Mod", Rows, "w", [("fmod", 1)], g => g.Floats("w", [], 0.4f), smooth: false);
        foreach (string name in (string[])["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"])
            yield return new OperatorCase(name, new(17, new(name, "x w -> g"), new("Cast", "g -> y", ("to", 1))), Rows, false).With(g =>
                g.Weights("w", 4)
            );
        foreach (string name in (string[])["And", "Or", "Xor"])
            yield return new OperatorCase(
                name,
                new(17, new("Greater", "x w -> a"), new("Less", "x v -> b"), new(name, "a b -> c"), new("Cast", "c -> y", ("to", 1))),
                Rows,
                false
            ).With(g => g.Weights("w", 4).Weights("v", 4));
        yield return new OperatorCase("Where", new(17, new("Greater", "x w -> a"), new("Where", "a x v -> y")), Rows, true).With(g =>
            g.Weights("w", 4).Weights("v", 3, 1)
        );
        yield return new OperatorCase(
            "whole numbers",
            new(
                17,
                new("Shape", "x -> s"),
                new("Div", "s three -> q"),
                new("Mul", "q three -> r"),
                new("Sub", "s r -> t"),
                new("Cast", "t -> y", ("to", 1))
            ),
            [5, 7],
            false
        ).With(g => g.Longs("three", 3));
    }

    private static IEnumerable<OperatorCase> Layers()
    {
        yield return One("MatMul", [2, 3, 4], "w", weights: g => g.Weights("w", 4, 5));
        yield return One("Gemm", Rows, "w b", [("transB", 1), ("alpha", 0.5f), ("beta", 2f)], g => g.Weights("w", 5, 4).Weights("b", 5));
        yield return One("Gemm", [4, 3], "w", [("transA", 1)], g => g.Weights("w", 4, 5));
        yield return One("Einsum", Rows, "w", [("equation", "bi,ij->bj")], g => g.Weights("w", 4, 5));
        yield return One(
            "Conv",
            Line,
            "w b",
            [("kernel_shape", Of(3)), ("pads", Of(1, 1)), ("strides", Of(2))],
            g => g.Weights("w", 4, 3, 3).Weights("b", 4)
        );
        yield return One(
            "Conv",
            Line,
            "w",
            [("kernel_shape", Of(3)), ("pads", Of(2, 0)), ("dilations", Of(2))],
            g => g.Weights("w", 4, 3, 3)
        );
        yield return One(
            "Conv",
            Map,
            "w b",
            [("pads", Of(1, 0, 2, 1)), ("strides", Of(2, 1))],
            g => g.Weights("w", 4, 3, 3, 2).Weights("b", 4)
        );
        yield return One("Conv", Map, "w", [("group", 3), ("auto_pad", "SAME_UPPER")], g => g.Weights("w", 6, 1, 2, 3));
        yield return One("Conv", Map, "w", [("auto_pad", "SAME_LOWER"), ("strides", Of(2, 2))], g => g.Weights("w", 2, 3, 2, 3));
        yield return One("Conv", [1, 2, 4, 4, 3], "w", [("pads", Of(1, 1, 1, 1, 1, 1))], g => g.Weights("w", 2, 2, 3, 3, 2));
        yield return One(
            "ConvTranspose",
            Line,
            "w b",
            [("strides", Of(2)), ("pads", Of(1, 0)), ("dilations", Of(2))],
            g => g.Weights("w", 3, 4, 3).Weights("b", 4)
        );
        yield return One(
            "ConvTranspose",
            Map,
            "w",
            [("strides", Of(2, 2)), ("output_padding", Of(1, 0)), ("group", 3)],
            g => g.Weights("w", 3, 2, 3, 3)
        );
        yield return One("MaxPool", Line, with: [("kernel_shape", Of(3)), ("strides", Of(2)), ("pads", Of(1, 1))]);
        yield return One("MaxPool", Map, with: [("kernel_shape", Of(2, 2)), ("strides", Of(2, 2)), ("ceil_mode", 1)]);
        yield return One("MaxPool", Map, with: [("kernel_shape", Of(2, 2)), ("dilations", Of(2, 2)), ("pads", Of(0, 1, 1, 0))]);
        yield return One(
            "AveragePool",
            Line,
            with: [("kernel_shape", Of(3)), ("strides", Of(2)), ("pads", Of(1, 1)), ("count_include_pad", 1)]
        );
        yield return One("AveragePool", Map, with: [("kernel_shape", Of(3, 2)), ("pads", Of(1, 0, 1, 1))]);
        yield return One("AveragePool", Map, with: [("kernel_shape", Of(3, 3)), ("strides", Of(2, 2)), ("ceil_mode", 1)]);
        yield return One("AveragePool", Map, with: [("kernel_shape", Of(2, 2)), ("dilations", Of(2, 2))], opset: 19);
        yield return One("GlobalAveragePool", Map);
        yield return One("GlobalMaxPool", Line);
        yield return One("BatchNormalization", Map, "g b m var", weights: Norms, opset: 14);
        yield return One(
            "BatchNormalization",
            Rows,
            "g b m var",
            weights: g => g.Weights("g", 4).Weights("b", 4).Weights("m", 4).Weights("var", 4)
        );
        yield return One("InstanceNormalization", Line, "g b", weights: Norms);
        yield return One("LayerNormalization", [2, 3, 4], "g4 b4", [("axis", -1)], g => g.Weights("g4", 4).Weights("b4", 4));
        yield return One("LayerNormalization", [2, 3, 4], "g34", [("axis", 1)], g => g.Weights("g34", 3, 4));
        yield return One(
            "GroupNormalization",
            [2, 6, 5],
            "g2 b2",
            [("num_groups", 2)],
            g => g.Weights("g2", 2).Weights("b2", 2),
            opset: 18
        );
        yield return One(
            "GroupNormalization",
            [2, 6, 5],
            "g6 b6",
            [("num_groups", 2)],
            g => g.Weights("g6", 6).Weights("b6", 6),
            opset: 21
        );
        yield return One("LpNormalization", Rows, with: [("axis", 1), ("p", 2)]);
        yield return One("LpNormalization", Rows, with: [("axis", 0), ("p", 1)]);
        yield return One("MeanVarianceNormalization", Map);
        foreach (string mode in (string[])["half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"])
        {
            yield return One("Resize", Map, "_ s", [("mode", "linear"), ("coordinate_transformation_mode", mode)], Scales);
            yield return One(
                "Resize",
                Map,
                "_ s",
                [("mode", "nearest"), ("coordinate_transformation_mode", mode), ("nearest_mode", "floor")],
                Scales
            );
        }

        yield return One("Resize", Map, "_ _ to", [("mode", "linear")], g => g.Longs("to", 2, 3, 9, 4));

        static void Norms(CraftedGraph graph) => graph.Weights("g", 3).Weights("b", 3).Weights("m", 3).Weights("var", 3);

        static void Scales(CraftedGraph graph) => graph.Floats("s", [4], 1, 1, 2, 1.6f);
    }

    private static IEnumerable<OperatorCase> Rest()
    {
        foreach (
            string name in (string[])
                ["ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSumExp", "ReduceSumSquare"]
        )
        {
            yield return One(name, [2, 3, 4], with: [("axes", Of(1, -1)), ("keepdims", 0)]);
            yield return One(name, [2, 3, 4], "axes", weights: g => g.Longs("axes", 1), opset: 18);
        }

        yield return One("ReduceMean", [2, 3, 4]);
        yield return One("ReduceSum", [2, 3, 4], "axes", weights: g => g.Longs("axes", -2));
        yield return One("ReduceSum", [2, 3, 4], "axes", [("noop_with_empty_axes", 1)], g => g.Longs("axes"));
        yield return new OperatorCase("ReduceLogSum", new(17, new CraftedNode("ReduceLogSum", "x -> y", ("axes", Of(1)))), Rows, true)
        {
            From = 0.5,
        };
        foreach (string name in (string[])["ArgMax", "ArgMin"])
            yield return new OperatorCase(
                name,
                new(17, new(name, "x -> i", ("axis", 1), ("keepdims", 0)), new("Cast", "i -> y", ("to", 1))),
                Rows,
                false
            );
        yield return One("CumSum", Rows, "axis", weights: g => g.Long("axis", 1));
        yield return One("CumSum", Rows, "axis", [("reverse", 1), ("exclusive", 1)], g => g.Long("axis", 1));
        yield return One("STFT", [2, 20], "step w n", weights: g => g.Long("step", 4).Weights("w", 8).Long("n", 8));
        yield return One("DFT", [2, 10, 1], with: [("axis", 1), ("onesided", 1)]);
        yield return One("DFT", [2, 10, 2], "n", [("axis", 1), ("inverse", 1)], g => g.Long("n", 10));
        yield return One("DFT", [2, 10, 1], "n axis", weights: g => g.Long("n", 12).Long("axis", -2), opset: 20);
        foreach (string name in (string[])["HannWindow", "HammingWindow", "BlackmanWindow"])
            yield return new OperatorCase(
                name,
                new(17, new(name, "n -> w", ("periodic", name == "HannWindow" ? 1 : 0)), new("Mul", "x w -> y")),
                [2, 9],
                true
            ).With(g => g.Long("n", 9));
        yield return new OperatorCase(
            "MelWeightMatrix",
            new(17, new("MelWeightMatrix", "bands n rate low high -> w"), new("MatMul", "x w -> y")),
            [2, 17],
            true
        ).With(g => g.Long("bands", 5).Long("n", 32).Long("rate", 8000).Floats("low", [], 100).Floats("high", [], 3800));
    }

    private static long[] Of(params long[] numbers) => numbers;

    /// <summary>Gives a case its weights.</summary>
    public static OperatorCase With(this OperatorCase operation, Action<CraftedGraph> weights)
    {
        weights(operation.Graph);
        return operation;
    }
}
