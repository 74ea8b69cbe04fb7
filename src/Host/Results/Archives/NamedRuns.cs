using System.Collections;

namespace MerBench.Host.Results.Archives;

/// <summary>Runs as somebody names them: results folders, folders that hold some, archives. What was unpacked goes away with
/// this.</summary>
public sealed class NamedRuns : IReadOnlyList<RunFolder>, IDisposable
{
    private readonly List<RunFolder> _folders = [];
    private readonly List<ArchivedRun> _archives = [];

    private NamedRuns() { }

    public int Count => _folders.Count;

    public RunFolder this[int index] => _folders[index];

    /// <summary>Opens each named run; folders that hold runs stand for all of them.</summary>
    /// <exception cref="UserErrorException">A path holds no results, or they are damaged.</exception>
    public static NamedRuns OpenAll(IEnumerable<string> paths) => Open(paths, path => RunFolder.OpenAll([path]));

    /// <summary>The same where each path names a single run.</summary>
    /// <exception cref="UserErrorException">A path holds no results or several, or they are damaged.</exception>
    public static NamedRuns OpenEach(IEnumerable<string> paths) => Open(paths, path => [RunFolder.Open(path)]);

    /// <summary>Opens the run of a path, or of a folder that holds one alone.</summary>
    /// <exception cref="UserErrorException">It holds no results or several, or they are damaged.</exception>
    public static NamedRuns OpenSingle(string path) =>
        Open([path], name => RunFolder.OpenAll([name]) is [var only] ? [only] : [RunFolder.Open(name)]);

    public IEnumerator<RunFolder> GetEnumerator() => _folders.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        foreach (ArchivedRun archive in _archives)
            archive.Dispose();
    }

    private static NamedRuns Open(IEnumerable<string> paths, Func<string, IReadOnlyList<RunFolder>> open)
    {
        var runs = new NamedRuns();
        try
        {
            foreach (string path in paths)
                runs.Add(path, open);
            return runs;
        }
        catch
        {
            runs.Dispose();
            throw;
        }
    }

    private void Add(string path, Func<string, IReadOnlyList<RunFolder>> open)
    {
        if (!ArchivedRun.IsMeantBy(path))
        {
            _folders.AddRange(open(path));
            return;
        }

        // One that is named twice is one run, as a folder is.
        ArchivedRun? opened = _archives.Find(a => Path.GetFullPath(a.Folder.Source) == Path.GetFullPath(path));
        if (opened is null)
            _archives.Add(opened = ArchivedRun.Open(path));
        _folders.Add(opened.Folder);
    }
}
