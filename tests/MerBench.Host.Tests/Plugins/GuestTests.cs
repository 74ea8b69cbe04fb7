using System.Globalization;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Weights;
using static TorchSharp.torch;

namespace MerBench.Host.Tests.Plugins;

[NonParallelizable]
public sealed class GuestTests
{
    [Test]
    public void A_call_that_changes_nothing_returns_what_it_computed()
    {
        Assert.That(GuestCall.Run("plugin", () => 3), Is.EqualTo(3));
    }

    [Test]
    public void What_was_changed_is_named_and_put_back()
    {
        string folder = Directory.GetCurrentDirectory();
        CellFailedException? failure = Assert.Throws<CellFailedException>(() =>
            GuestCall.Run(
                "plugin",
                () =>
                {
                    set_default_dtype(ScalarType.Float64);
                    Directory.SetCurrentDirectory("/");
                    Environment.SetEnvironmentVariable("MERBENCH_GUEST", "was here");
                    CultureInfo.CurrentCulture = new CultureInfo("", useUserOverride: false);
                    return 0;
                }
            )
        );
        Assert.That(
            failure!.Message,
            Is.EqualTo(
                "plugin changed what belongs to the whole process: torch's default type to Float64; the current directory to /; the "
                    + "culture to the invariant one; the environment (MERBENCH_GUEST). It was put back."
            )
        );
        Assert.That(get_default_dtype(), Is.EqualTo(ScalarType.Float32));
        Assert.That(Directory.GetCurrentDirectory(), Is.EqualTo(folder));
        Assert.That(Environment.GetEnvironmentVariable("MERBENCH_GUEST"), Is.Null);
    }

    [Test]
    public void A_change_is_named_before_the_error_that_followed_from_it()
    {
        Assert.That(
            () =>
                GuestCall.Run<int>(
                    "plugin",
                    () =>
                    {
                        set_default_dtype(ScalarType.Float64);
                        throw new InvalidOperationException("types differ");
                    }
                ),
            Throws
                .TypeOf<CellFailedException>()
                .With.Message.Contains("torch's default type to Float64. Then: plugin threw InvalidOperationException: types differ")
        );
        Assert.That(get_default_dtype(), Is.EqualTo(ScalarType.Float32));
    }

    [Test]
    public void Who_throws_while_another_is_called_is_named_and_messages_for_users_stay_as_they_are()
    {
        Assert.That(
            () => GuestCall.Blame<int>("metric", () => throw new InvalidOperationException("no numbers today")),
            Throws.TypeOf<CellFailedException>().With.Message.StartsWith("metric threw InvalidOperationException: no numbers today")
        );
        Assert.That(
            () => GuestCall.Blame<int>("metric", () => throw new PluginUserException("too few clips")),
            Throws.TypeOf<PluginUserException>().With.Message.EqualTo("too few clips")
        );
    }

    [Test]
    public void Numbers_from_torchs_generator_are_drawn_again_and_only_makers_of_networks_may_draw()
    {
        manual_seed(5);
        float Draw() => rand(1).item<float>();
        float made = GuestCall.Make("plugin", Draw);
        Assert.That(() => GuestCall.Run("plugin", Draw), Throws.TypeOf<CellFailedException>().With.Message.Contains("random generator"));
        Assert.That(Draw(), Is.EqualTo(made));
    }

    [Test]
    public void Copies_that_differ_in_a_bit_or_in_shape_or_are_gone_are_spoiled()
    {
        using var scope = NewDisposeScope();
        Tensor own = tensor(new[] { 0f, float.NaN, 1f });
        Assert.That(() => Lent.RequireUnspoiled("plugin", "the input", Lent.Copy(own), own), Throws.Nothing);

        Tensor written = Lent.Copy(own);
        written[2] = MathF.BitIncrement(1);
        Tensor reshaped = Lent.Copy(own).unsqueeze(0);
        foreach (Tensor spoiled in new[] { written, reshaped })
            Assert.That(
                () => Lent.RequireUnspoiled("plugin", "the input", spoiled, own),
                Throws.TypeOf<CellFailedException>().With.Message.StartsWith("plugin wrote into the input that it was given")
            );
        Tensor disposed = Lent.Copy(own);
        disposed.Dispose();
        Assert.That(
            () => Lent.RequireUnspoiled("plugin", "the input", disposed, own),
            Throws.TypeOf<CellFailedException>().With.Message.StartsWith("plugin disposed the input")
        );
    }

    [Test]
    public void A_models_state_is_known_by_its_checksums()
    {
        using var scope = NewDisposeScope();
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["a"] = zeros(3, 2).t(), ["b"] = ones(1, dtype: int64) };
        var digest = StateDigest.Compute(state);
        Assert.That(digest.FindChange(state), Is.Null);
        state["b"].add_(1);
        Assert.That(digest.FindChange(state), Is.EqualTo("b"));
        state["b"].sub_(1);
        Assert.That(digest.FindChange(state), Is.Null);
        state["c"] = zeros(1);
        Assert.That(digest.FindChange(state), Is.EqualTo("c"));
    }
}
