using MerBench.Host.Cells;
using MerBench.Host.Results;
using MerBench.Tests.Data;
using static TorchSharp.torch;

namespace MerBench.Tests.Listening;

public sealed class WorstInputsTests
{
    [Test]
    public void The_clips_that_are_harmed_most_are_kept_and_come_back_from_their_file()
    {
        var kept = new WorstInputs(2);
        foreach ((string clip, float harm) in new[] { ("a", 0.1f), ("b", 0.5f), ("c", -0.2f), ("d", 0.5f), ("e", 0.3f) })
            kept.Offer(Clip(clip, harm), full([3], harm), clip == "b" ? ones([4]) : null);
        Assert.That(kept.Inputs.Select(k => k.Clip), Is.EqualTo(new[] { "b", "d" }), "of equal harm the earlier one is first");

        using var folder = new TemporaryFolder();
        KeptInputFile.Write(folder.File("examples.safetensors"), kept.Inputs, new Dictionary<string, string>());
        IReadOnlyList<KeptInput> read = KeptInputFile.Read(folder.File("examples.safetensors"));
        Assert.That(
            read.Select(k => (k.Clip, k.Perturbed.ToTensor().data<float>().ToArray()[0], k.Realised?.Shape[0])),
            Is.EqualTo(new[] { ("b", 0.5f, (long?)4), ("d", 0.5f, null) })
        );
    }

    [Test]
    public void None_are_kept_where_none_are_wanted()
    {
        var kept = new WorstInputs(0);
        kept.Offer(Clip("a", 1), zeros([3]), null);
        Assert.That(kept.Inputs, Is.Empty);
    }

    private static ClipRow Clip(string id, float harm) => new(id, [0.5, 0.5], [0.6, 0.4], [0.6f + harm, 0.4f - harm]);
}
