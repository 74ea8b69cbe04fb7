namespace MerBench.Corruptions.Tests;

/// <summary>Options out of range are refused where a corruption is made, with the option's name and an example.</summary>
public sealed class OptionTests
{
    [Test]
    public void Values_out_of_range_are_refused()
    {
        Refused(() => new Gain(new GainOptions([21])), "'gain'", "-80 to 20", "'decibels'");
        Refused(() => new Clipping(new ClippingOptions([1])), "'clipping'", "'share'");
        Refused(() => new Quantisation(new QuantisationOptions([1])), "'quantisation'", "'bits'");
        Refused(() => new LowPass(new LowPassOptions([0])), "'low-pass'", "'cutoff'");
        Refused(() => new HighPass(new HighPassOptions([double.NaN])), "'high-pass'", "'cutoff'");
        Refused(() => new Equaliser(new EqualiserOptions([-1])), "'equaliser'", "'decibels'");
        Refused(() => new Resampling(new ResamplingOptions([100])), "'resampling'", "'rate'");
        Refused(() => new Speed(new SpeedOptions([0])), "'speed'", "'factor'");
        Refused(() => new PitchShift(new PitchShiftOptions([25])), "'pitch-shift'", "'semitones'");
        Refused(() => new TimeStretch(new TimeStretchOptions([5])), "'time-stretch'", "'tempo'");
        Refused(() => new Hum(new HumOptions(Snr: [200])), "'hum'", "'snr'");
        Refused(() => new Crackle(new CrackleOptions([-1])), "'crackle'", "'rate'");
        Refused(() => new Reverb(new ReverbOptions([0])), "'reverb'", "'time'");
        Refused(() => new Dropout(new DropoutOptions(Share: [1])), "'dropout'", "'share'");
        Refused(() => new LeadingSilence(new LeadingSilenceOptions([-1])), "'leading-silence'", "'seconds'");
        Refused(() => new Codec(new CodecOptions(BitRate: [1])), "'codec'", "'bit-rate'");
    }

    private static void Refused(Func<ICorruption> make, params string[] words)
    {
        PluginUserException refusal = Assert.Throws<PluginUserException>(() => make())!;
        foreach (string word in words)
            Assert.That(refusal.Message, Does.Contain(word));
        Assert.That(refusal.Message, Does.Contain("for example"));
    }
}
