using CsCheck;

namespace MerBench.Tests;

public sealed class RandomStreamTests
{
    private static readonly Gen<string> Key = Gen.String[Gen.Char.AlphaNumeric, 0, 12];

    [Test]
    public void The_nth_number_of_a_key_is_always_the_same() =>
        Gen.Select(Key, Key, Gen.Int[0, 200]).Sample((a, b, n) => At(RandomStream.For(a, b), n) == At(RandomStream.For(a, b), n));

    [Test]
    public void Keys_that_differ_in_parts_or_their_order_give_other_numbers() =>
        Gen.Select(Key, Key)
            .Where((a, b) => a != b && a.Length > 0 && b.Length > 0)
            .Sample(
                (a, b) =>
                    new[]
                    {
                        RandomStream.For(a, b),
                        RandomStream.For(b, a),
                        RandomStream.For(a + b),
                        RandomStream.For(a),
                        RandomStream.For(a, b, ""),
                    }
                        .Select(s => s.NextBits())
                        .Distinct()
                        .Count() == 5
            );

    [Test]
    public void A_fork_neither_reads_nor_moves_its_parent() =>
        Gen.Select(Key, Key, Gen.Int[0, 50])
            .Sample(
                (key, purpose, drawn) =>
                {
                    RandomStream forked = RandomStream.For(key),
                        untouched = RandomStream.For(key);
                    At(forked, drawn);
                    At(untouched, drawn);
                    bool sameFork = At(forked.Fork(purpose), 3) == At(RandomStream.For(key).Fork(purpose), 3);
                    return sameFork && forked.NextBits() == untouched.NextBits();
                }
            );

    [Test]
    public void Forks_for_two_purposes_and_their_parent_do_not_correlate()
    {
        const int n = 20_000;
        var parent = RandomStream.For("independence");
        double[][] streams =
        [
            .. new[] { parent.Fork("a"), parent.Fork("b"), parent }.Select(s =>
                Enumerable.Range(0, n).Select(_ => s.NextNormal()).ToArray()
            ),
        ];
        foreach ((int i, int j) in new[] { (0, 1), (0, 2), (1, 2) })
        {
            double correlation = streams[i].Zip(streams[j], (x, y) => x * y).Sum() / n;
            Assert.That(correlation, Is.EqualTo(0).Within(5 / Math.Sqrt(n)), $"streams {i} and {j}");
        }
    }

    [Test]
    public void Uniform_numbers_have_the_moments_of_a_uniform_distribution() =>
        Gen.Select(Key, Gen.Double[-5, 5], Gen.Double[0.1, 10])
            .Sample(
                (key, low, width) =>
                {
                    var numbers = new float[20_000];
                    RandomStream.For(key).FillUniform(numbers, low, low + width);
                    double[] unit = [.. numbers.Select(x => (x - low) / width)];
                    double mean = unit.Average(),
                        variance = unit.Select(u => (u - mean) * (u - mean)).Average();
                    // Seven standard errors: wrong code is off by far more, and this many samples stay within.
                    return unit.Min() >= -1e-6
                        && unit.Max() <= 1 + 1e-6
                        && Math.Abs(mean - 0.5) < 7 * Math.Sqrt(1 / 12.0 / unit.Length)
                        && Math.Abs(variance - (1 / 12.0)) < 7 * Math.Sqrt(1 / 180.0 / unit.Length);
                },
                iter: 100
            );

    [Test]
    public void Normal_numbers_have_the_moments_of_a_normal_distribution() =>
        Key.Sample(
            key =>
            {
                var numbers = new float[20_000];
                RandomStream.For(key).FillNormal(numbers);
                double mean = numbers.Average(x => (double)x),
                    square = numbers.Average(x => (double)x * x),
                    fourth = numbers.Average(x => Math.Pow(x, 4));
                return Math.Abs(mean) < 7 / Math.Sqrt(numbers.Length)
                    && Math.Abs(square - 1) < 7 * Math.Sqrt(2.0 / numbers.Length)
                    && Math.Abs(fourth - 3) < 7 * Math.Sqrt(96.0 / numbers.Length);
            },
            iter: 100
        );

    [Test]
    public void Whole_numbers_stay_below_their_bound_and_reach_every_value() =>
        Gen.Select(Key, Gen.Int[1, 20])
            .Sample(
                (key, bound) =>
                {
                    var stream = RandomStream.For(key);
                    return Enumerable
                        .Range(0, 1000)
                        .Select(_ => stream.NextInt32(bound))
                        .Distinct()
                        .Order()
                        .SequenceEqual(Enumerable.Range(0, bound));
                },
                iter: 100
            );

    [Test]
    public void Shuffling_permutes_evenly()
    {
        var places = new int[3, 3];
        for (int trial = 0; trial < 6000; trial++)
        {
            int[] items = [0, 1, 2];
            RandomStream.For("shuffle", trial.ToString(System.Globalization.CultureInfo.InvariantCulture)).Shuffle<int>(items);
            Assert.That(items, Is.EquivalentTo(new[] { 0, 1, 2 }));
            for (int place = 0; place < 3; place++)
                places[items[place], place]++;
        }

        // Expected 2000 with a standard deviation of 37.
        Assert.That(places, Is.All.InRange(1800, 2200));
    }

    private static ulong At(RandomStream stream, int n)
    {
        for (int i = 0; i < n; i++)
            stream.NextBits();
        return stream.NextBits();
    }
}
