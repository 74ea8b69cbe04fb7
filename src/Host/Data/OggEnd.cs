namespace MerBench.Host.Data;

/// <summary>How an Ogg file ends. ffmpeg takes the length of one from its last page, so that one that was cut off seems whole to
/// it.</summary>
/// <param name="IsCut">Whether it ends within a page.</param>
/// <param name="IsMarked">Whether its last page says that it is the last.</param>
internal sealed record OggEnd(bool IsCut, bool IsMarked)
{
    private const int HeaderBytes = 27,
        LargestPage = HeaderBytes + 255 + (255 * 255),
        FlagsAt = 5,
        SegmentsAt = 26,
        AllFlags = 7,
        LastPage = 4;

    /// <summary>Why it cannot be whole, or null.</summary>
    public string? Complaint => IsCut ? "it ends within a page of Ogg" : null;

    /// <summary>What somebody should know of it, or null.</summary>
    public string? Remark =>
        IsMarked ? null : "it ends without the page that Ogg files end with: it may be cut off, and how much is lost is not known";

    /// <summary>The end of a file; null where the file is none of this kind.</summary>
    public static OggEnd? Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.SequenceEqual("OggS"u8))
            return null;
        byte[] end = new byte[Math.Min(LargestPage, file.Length)];
        file.Position = file.Length - end.Length;
        file.ReadExactly(end);
        return Judge(end);
    }

    private static OggEnd Judge(ReadOnlySpan<byte> end)
    {
        for (int at = end.LastIndexOf("OggS"u8); at >= 0; at = end[..at].LastIndexOf("OggS"u8))
        {
            ReadOnlySpan<byte> page = end[at..];
            // Sound may hold the same four letters.
            if (page.Length > FlagsAt && (page[4] != 0 || page[FlagsAt] > AllFlags))
                continue;
            bool isCut = LengthOf(page) is not { } length || length > page.Length;
            return new OggEnd(isCut, !isCut && (page[FlagsAt] & LastPage) != 0);
        }

        return new OggEnd(IsCut: false, IsMarked: false);
    }

    // Null where not even that is whole.
    private static int? LengthOf(ReadOnlySpan<byte> page)
    {
        if (page.Length <= SegmentsAt || page.Length < HeaderBytes + page[SegmentsAt])
            return null;
        int length = HeaderBytes + page[SegmentsAt];
        foreach (byte segment in page.Slice(HeaderBytes, page[SegmentsAt]))
            length += segment;
        return length;
    }
}
