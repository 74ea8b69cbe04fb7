using MerBench.Models.Exported.Onnx.File;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>Recurrent layers, step by step, in either or both directions. The input's part of all steps is one product.</summary>
internal static class Recurrent
{
    private static readonly string[] OfLstm = ["Sigmoid", "Tanh", "Tanh"],
        OfGru = ["Sigmoid", "Tanh"],
        OfRnn = ["Tanh"];

    public static OperatorFamily Family { get; } = Create();

    private static OperatorFamily Create()
    {
        var family = new OperatorFamily();
        family.AddMany("LSTM", c => Run(c, new Cell(4, LstmStep, c)), node => Limit(node, OfLstm) ?? Peepholes(node));
        family.AddMany("GRU", c => Run(c, new Cell(3, GruStep, c)), node => Limit(node, OfGru));
        family.AddMany("RNN", c => Run(c, new Cell(1, RnnStep, c)), node => Limit(node, OfRnn));
        return family;
    }

    private static string? Limit(OnnxNode node, string[] usual)
    {
        if (node.Attributes.TryGetValue("activations", out OnnxAttribute? named) && !named.Texts.Index().All(IsUsual))
            return $"its activations are others than {string.Join(", ", usual)}";
        if (node.Attributes.ContainsKey("clip"))
            return "it clips its states";
        bool couples = node.Attributes.TryGetValue("input_forget", out OnnxAttribute? coupled) && coupled.Int != 0;
        if (couples)
            return "it couples its gates (input_forget)";
        return node.Inputs.Count > 4 && node.Inputs[4].Length > 0 ? "it takes lengths of sequences" : null;

        bool IsUsual((int Index, string Name) activation) =>
            activation.Name.Equals(usual[activation.Index % usual.Length], StringComparison.OrdinalIgnoreCase);
    }

    private static string? Peepholes(OnnxNode node) => node.Inputs.Count > 7 && node.Inputs[7].Length > 0 ? "it has peepholes" : null;

    // Y [T, D, B, H], the last states [D, B, H], and for an LSTM its last cells.
    private static Tensor[] Run(OnnxCall call, Cell cell)
    {
        bool isBatchFirst = call.Int("layout", 0) == 1;
        Tensor x = isBatchFirst ? call[0].transpose(0, 1) : call[0];
        long directions = call[1].shape[0];
        bool isReverse = call.Text("direction", "forward") == "reverse";
        var (outputs, states, cells) = (new List<Tensor>(), new List<Tensor>(), new List<Tensor>());
        for (int d = 0; d < directions; d++)
        {
            (Tensor all, Tensor state, Tensor? inner) = OneWay(cell, x, d, isReverse || d == 1, isBatchFirst);
            outputs.Add(all);
            states.Add(state);
            if (inner is not null)
                cells.Add(inner);
        }

        Tensor y = stack(outputs, 1),
            last = stack(states, 0);
        if (isBatchFirst)
            (y, last) = (y.permute(2, 0, 1, 3), last.transpose(0, 1));
        if (cells.Count == 0)
            return [y, last];
        Tensor lastCells = stack(cells, 0);
        return [y, last, isBatchFirst ? lastCells.transpose(0, 1) : lastCells];
    }

    private static (Tensor All, Tensor State, Tensor? Inner) OneWay(Cell cell, Tensor x, int direction, bool isBackwards, bool isBatchFirst)
    {
        OnnxCall call = cell.Call;
        Tensor recurrence = call[2][direction].t();
        long hidden = recurrence.shape[0];
        (Tensor ofInput, Tensor ofState) = Biases();
        Tensor projected = x.matmul(call[1][direction].t()).add(ofInput);
        Tensor state = Initial(5),
            inner = Initial(6);
        long steps = x.shape[0];
        var outputs = new Tensor[steps];
        for (long step = 0; step < steps; step++)
        {
            long at = isBackwards ? steps - 1 - step : step;
            (state, inner) = cell.Step(call, projected[at], state, inner, new Recurrence(recurrence, ofState, hidden));
            outputs[at] = state;
        }

        return (stack(outputs, 0), state, cell.Gates == 4 ? inner : null);

        Tensor Initial(int position)
        {
            if (position == 6 && cell.Gates != 4)
                return x.new_zeros(1);
            if (call.Optional(position) is not { } given)
                return x.new_zeros(x.shape[1], hidden);
            return isBatchFirst ? given.select(1, direction) : given[direction];
        }

        (Tensor OfInput, Tensor OfState) Biases()
        {
            if (call.Optional(3) is not { } both)
                return (x.new_zeros(1), x.new_zeros(cell.Gates * hidden));
            Tensor[] parts = both[direction].chunk(2);
            return (parts[0], parts[1]);
        }
    }

    // Gates in ONNX's order: input, output, forget, cell.
    private static (Tensor State, Tensor Inner) LstmStep(OnnxCall call, Tensor x, Tensor state, Tensor inner, Recurrence recurrence)
    {
        Tensor[] gates = x.add(state.matmul(recurrence.Weight)).add(recurrence.Bias).chunk(4, 1);
        Tensor cell = gates[2].sigmoid().mul(inner).add(gates[0].sigmoid().mul(gates[3].tanh()));
        return (gates[1].sigmoid().mul(cell.tanh()), cell);
    }

    // Gates in ONNX's order: update, reset, hidden.
    private static (Tensor State, Tensor Inner) GruStep(OnnxCall call, Tensor x, Tensor state, Tensor inner, Recurrence recurrence)
    {
        Tensor[] ofInput = x.chunk(3, 1);
        Tensor reset,
            update,
            candidate;
        if (call.Is("linear_before_reset"))
        {
            Tensor[] ofState = state.matmul(recurrence.Weight).add(recurrence.Bias).chunk(3, 1);
            (update, reset) = (ofInput[0].add(ofState[0]).sigmoid(), ofInput[1].add(ofState[1]).sigmoid());
            candidate = ofInput[2].add(reset.mul(ofState[2])).tanh();
        }
        else
        {
            long hidden = recurrence.Hidden;
            Tensor[] biases = recurrence.Bias.chunk(3);
            Tensor[] gates = state.matmul(recurrence.Weight.narrow(1, 0, 2 * hidden)).chunk(2, 1);
            update = ofInput[0].add(gates[0]).add(biases[0]).sigmoid();
            reset = ofInput[1].add(gates[1]).add(biases[1]).sigmoid();
            Tensor ofReset = reset.mul(state).matmul(recurrence.Weight.narrow(1, 2 * hidden, hidden)).add(biases[2]);
            candidate = ofInput[2].add(ofReset).tanh();
        }

        return (candidate.add(update.mul(state.sub(candidate))), inner);
    }

    private static (Tensor State, Tensor Inner) RnnStep(OnnxCall call, Tensor x, Tensor state, Tensor inner, Recurrence recurrence) =>
        (x.add(state.matmul(recurrence.Weight)).add(recurrence.Bias).tanh(), inner);

    private delegate (Tensor State, Tensor Inner) StepOf(OnnxCall call, Tensor x, Tensor state, Tensor inner, Recurrence recurrence);

    private sealed record Cell(int Gates, StepOf Step, OnnxCall Call);

    private sealed record Recurrence(Tensor Weight, Tensor Bias, long Hidden);
}
