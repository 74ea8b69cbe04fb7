using MerBench.Datasets.Cues.Design;

namespace MerBench.Datasets.Cues.Music;

/// <summary>
/// When each unit begins: phrases slow slightly towards their ends, and unsteady music wavers at random. Each phrase of eight units takes 8
/// / tempo seconds.
/// </summary>
internal sealed class TimeGrid
{
    private const double Rubato = 0.04,
        Waver = 0.15;

    private readonly List<double> _starts = [0];

    public TimeGrid(Cue cue, Texture texture, double seconds, RandomStream random)
    {
        Span<double> lengths = stackalloc double[Rhythm.NotesPerPhrase];
        for (double phrase = 0; _starts[^1] < seconds; phrase++)
        {
            double total = 0;
            for (int i = 0; i < lengths.Length; i++)
            {
                double fromMiddle = (i - 3.5) / 3.5;
                double waver = texture.Unsteadiness * Waver * DeterministicMath.NextBell(random);
                lengths[i] = Math.Clamp(1 + (Rubato * fromMiddle) + waver, 0.5, 1.5);
                total += lengths[i];
            }

            double scale = lengths.Length / (cue.Tempo * total);
            double start = phrase * lengths.Length / cue.Tempo;
            double elapsed = 0;
            foreach (double length in lengths)
            {
                elapsed += length * scale;
                _starts.Add(start + elapsed);
            }
        }
    }

    /// <summary>Whole phrases on the grid; the last one passes the end of the clip.</summary>
    public int Phrases => (_starts.Count - 1) / Rhythm.NotesPerPhrase;

    /// <summary>Seconds at a place counted in units from the start of the clip.</summary>
    public double Seconds(double unit)
    {
        int whole = Math.Min((int)Math.Floor(unit), _starts.Count - 2);
        return _starts[whole] + ((_starts[whole + 1] - _starts[whole]) * (unit - whole));
    }
}
