namespace MerBench.Corruptions;

/// <summary>
/// Impulse responses from a folder. A sub-folder is one room, of one or many responses; so is a file that stands in the folder itself.
/// Rooms are put in order by how reverberant they are, and each second one is for crafting: no room is on both sides, and the sides are
/// alike. A severity means a fifth of the responses of a side.
/// </summary>
internal sealed class RecordedRooms : IRooms
{
    private const int Severities = 5;
    private const int MostComplaints = 3;

    // As the host looks for them.
    private static readonly EnumerationOptions Everywhere = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 8,
        MatchCasing = MatchCasing.CaseInsensitive,
    };

    private readonly RecordedResponse[] _judging;
    private readonly RecordedResponse[] _crafting;

    /// <param name="folder">Holds <c>*.wav</c>, at any depth.</param>
    /// <exception cref="PluginUserException">A file is unusable, or there are not two rooms.</exception>
    public RecordedRooms(string folder)
    {
        RecordedResponse[][] rooms =
        [
            .. ReadAll(folder)
                .GroupBy(response => RoomOf(folder, response.Path), StringComparer.Ordinal)
                .Select(room => room.ToArray())
                .OrderBy(room => room.Average(r => r.CentreTime))
                .ThenBy(room => room[0].Path, StringComparer.Ordinal),
        ];
        if (rooms.Length < 2)
            throw new PluginUserException(
                $"The corruption 'over-the-air' needs two rooms at least in '{folder}', one to craft in and another to judge in, and there "
                    + $"is {rooms.Length}; a sub-folder is one room, and so is a file that stands in the folder itself."
            );
        _judging = InOrder(rooms.Where((_, i) => i % 2 == 0));
        _crafting = InOrder(rooms.Where((_, i) => i % 2 == 1));
    }

    /// <inheritdoc/>
    public RoomResponse Choose(CorruptionContext setting, RandomStream random)
    {
        RecordedResponse[] side = setting.Purpose == CorruptionPurpose.Crafting ? _crafting : _judging;
        int first = (setting.Severity - 1) * side.Length / Severities,
            end = Math.Max(first + 1, ((setting.Severity * side.Length) + Severities - 1) / Severities);
        return side[first + random.NextInt32(end - first)].Respond(setting.SampleRate).AtUnitEnergy();
    }

    private static RecordedResponse[] InOrder(IEnumerable<RecordedResponse[]> rooms) =>
        [.. rooms.SelectMany(room => room).OrderBy(r => r.CentreTime).ThenBy(r => r.Path, StringComparer.Ordinal)];

    private static string RoomOf(string folder, string path) => Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar)[0];

    private static List<RecordedResponse> ReadAll(string folder)
    {
        var responses = new List<RecordedResponse>();
        var complaints = new List<string>();
        string[] files = [.. Directory.EnumerateFiles(folder, "*.wav", Everywhere).Order(StringComparer.Ordinal)];
        foreach (string file in files)
        {
            try
            {
                responses.Add(new RecordedResponse(file));
            }
            catch (Exception e) when (e is PluginUserException or IOException or UnauthorizedAccessException)
            {
                complaints.Add($"'{file}': {e.Message.TrimEnd('.')}");
            }
        }

        return complaints.Count == 0
            ? responses
            : throw new PluginUserException(
                $"The corruption 'over-the-air' cannot use {complaints.Count} of {files.Length} files of 'rooms': "
                    + $"{string.Join("; ", complaints.Take(MostComplaints))}{(complaints.Count > MostComplaints ? "; ..." : "")}."
            );
    }
}
