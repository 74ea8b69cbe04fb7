using System.Globalization;
using MerBench.Host.Data;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Torch;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>Asks a model what it proves of clips.</summary>
internal sealed class ModelCertifier(ICertifiable model, string plugin, PreparedDataset data, Device device)
{
    private IReadOnlyList<ICertificate>? _clean;

    /// <summary>Where the clips lie that it proves something of.</summary>
    public Domain Domain => model.Input;

    /// <summary>What is proven of each clean test clip; asked once.</summary>
    public IReadOnlyList<ICertificate> CertifyClean(CancellationToken cancel) =>
        _clean ??= Certify(data.Inputs(Split.Test, model.Input).Input.to(device), "clean", cancel);

    /// <summary>Proves something of clips.</summary>
    /// <param name="purpose">What they are, so that proofs of others draw other numbers.</param>
    /// <exception cref="CellFailedException">The model wrote into the clips, or proves something of more or fewer.</exception>
    public IReadOnlyList<ICertificate> Certify(Tensor clips, string purpose, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using IDisposable products = MatrixProducts.In(Precision.Fp32);
        Tensor lent = Lent.Copy(clips);
        RandomStream[] random =
        [
            .. Enumerable
                .Range(0, (int)clips.shape[0])
                .Select(i => RandomStream.For("certificate", plugin, purpose, i.ToString(CultureInfo.InvariantCulture))),
        ];
        IReadOnlyList<ICertificate> certificates = GuestCall.Run(plugin, () => model.Certify(lent, random, cancel), () => Drawing.PutBack);
        Lent.RequireUnspoiled(plugin, "the clips", lent, clips);
        return certificates.Count == random.Length
            ? certificates
            : throw new CellFailedException($"{plugin} proves something of {certificates.Count} clips where {random.Length} were given.");
    }
}
