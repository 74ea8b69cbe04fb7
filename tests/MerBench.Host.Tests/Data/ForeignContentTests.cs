using MerBench.Host;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Data;
using MerBench.Host.Plugins;
using MerBench.Host.Text;
using MerBench.Tests.Checks;

namespace MerBench.Tests.Data;

/// <summary>Ratings of another dataset in the units of the one that models were trained on.</summary>
public sealed class ForeignContentTests
{
    private static readonly LabelSpace s_own = new(["valence", "energy", "tension"]);
    private static readonly LabelSpace s_other = new(["Arousal", "valence", "calm", "fear"], 1, 9);

    [Test]
    public void Ratings_are_mapped_by_name_scale_sign_and_affine_rule()
    {
        ForeignContent mapped = Map(
            new()
            {
                ["energy"] = new LabelRule("arousal", null, false, null),
                ["tension"] = new LabelRule("calm", null, IsReversed: true, null),
            }
        );
        Assert.That(mapped.Content.Emotions.Names, Is.EqualTo(s_own.Names));
        Assert.That((mapped.Content.Emotions.Minimum, mapped.Content.Emotions.Maximum), Is.EqualTo((0d, 1d)));
        Clip test = mapped.Content.Clips.Single(c => c.Split == Split.Test);
        // valence 5 of 1..9, arousal 3, calm 9 reversed.
        Assert.That(test.Emotion, Is.EqualTo(new[] { 0.5f, 0.25f, 0f }).Within(1e-6));
        Assert.That(test.EmotionSd, Is.EqualTo(new[] { 0.1f, 0.1f, 0.1f }).Within(1e-6), "a spread has no sign");
        Assert.That(mapped.Mapped, Has.Some.EqualTo("tension = -0.125 x calm + 1.125"));
        Assert.That(mapped.Mapped, Has.Some.Contains("rated there alone, and so not used: fear"));

        ForeignContent affine = Map(
            new()
            {
                ["energy"] = new LabelRule("arousal", null, false, (0.1, 0.02)),
                ["valence"] = new LabelRule(null, (0, 10), false, null),
            }
        );
        test = affine.Content.Clips.Single(c => c.Split == Split.Test);
        Assert.That(test.Emotion, Is.EqualTo(new[] { 0.5f, 0.32f }).Within(1e-6));
        Assert.That(affine.Labels, Is.EqualTo(new[] { 0, 1 }));
        Assert.That(affine.Mapped, Has.Some.Contains("not rated there, and so not judged: tension"));
    }

    [Test]
    public void Attacks_that_learn_do_so_on_the_clips_of_the_models()
    {
        ForeignContent mapped = Map(new() { ["energy"] = new LabelRule("arousal", null, false, null) });
        Clip training = mapped.Content.Clips.Single(c => c.Split == Split.Train);
        Assert.That((training.Id, training.Emotion), Is.EqualTo(("mine", new[] { 0.1f, 0.2f })));
    }

    [Test]
    public void Curves_are_mapped_where_both_have_them_at_one_hop()
    {
        Clip mine = Own with
        {
            EmotionCurve = new RatedCurve(
                0,
                0.5,
                [
                    [0.1f, 0.2f, 0.3f],
                ]
            ),
        };
        Clip theirs = Other with
        {
            EmotionCurve = new RatedCurve(
                2,
                0.5,
                [
                    [3, 5, 9, 1],
                    [float.NaN, 9, 9, 1],
                ]
            ),
        };
        Clip mapped = Map([mine], [theirs]).Content.Clips.Single(c => c.Split == Split.Test);
        Assert.That(mapped.EmotionCurve!.Ratings.Select(r => r[0]), Is.EqualTo(new[] { 0.5f, 1f }));
        theirs = theirs with { EmotionCurve = theirs.EmotionCurve! with { HopSeconds = 1 } };
        Assert.That(Map([mine], [theirs]).Content.Clips.All(c => c.EmotionCurve is null));
    }

    [Test]
    public void Rules_of_emotions_that_are_not_there_and_datasets_with_nothing_in_common_are_refused_at_their_line()
    {
        Assert.That(
            () => Map(new() { ["joy"] = LabelRule.Standard }),
            Refuses("/b.yaml:3:1: error: 'joy' is no emotion of the benchmark's dataset")
        );
        Assert.That(
            () => Map(new() { ["energy"] = new LabelRule("loudness", null, false, null) }),
            Refuses("'loudness' is no emotion of far, which rates Arousal, valence, calm, fear")
        );
        DatasetContent strange = new(
            new LabelSpace(["awe"]),
            null,
            [Other with { Emotion = [1], EmotionSd = null }],
            new Preparation(),
            "o"
        );
        Assert.That(
            () => ForeignContent.Map(new DatasetContent(s_own, null, [Own], new Preparation(), "m"), strange, Set([])),
            Refuses("models cannot be judged on 'far': it rates awe")
        );
    }

    private static Clip Own => new("mine", Split.Train, Silence, [0.1f, 0.2f, 0.3f]);

    private static Clip Other => new("theirs", Split.Test, Silence, [3, 5, 9, 1]) { EmotionSd = [0.8f, 0.8f, 0.8f, 0.8f] };

    private static AudioSource Silence => new AudioSource.Rendered(_ => []);

    private static ForeignContent Map(Dictionary<string, LabelRule> rules) => Map([Own], [Other], rules);

    private static ForeignContent Map(Clip[] own, Clip[] other, Dictionary<string, LabelRule>? rules = null) =>
        ForeignContent.Map(
            new DatasetContent(s_own, null, own, new Preparation(), "m"),
            new DatasetContent(s_other, null, other, new Preparation(), "o"),
            Set(rules ?? [])
        );

    private static EvaluationSet Set(Dictionary<string, LabelRule> rules) =>
        new(
            "far",
            new PluginUse(Evidence.Plugin(PluginKind.Dataset, "far"), null, "{}", new SourceLocation("/b.yaml", 3, 1)),
            rules,
            new SourceLocation("/b.yaml", 3, 1)
        );

    private static NUnit.Framework.Constraints.Constraint Refuses(string reason) =>
        Throws.TypeOf<UserErrorException>().With.Message.Contains(reason);
}
