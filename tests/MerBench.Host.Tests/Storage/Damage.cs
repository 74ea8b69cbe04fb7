using System.Text.RegularExpressions;

namespace MerBench.Tests.Storage;

/// <summary>What disks, people and other programs do to files.</summary>
public enum Damage
{
    Cut,
    Emptied,
    Zeroed,
    OneBit,
    Deleted,
    OfAnotherEntry,
    ChangedDigit,
    Unreadable,
}

internal static partial class DamageOfFiles
{
    /// <summary>Damages a file; false where it cannot be damaged so.</summary>
    /// <param name="another">The file of the same name of another entry; null where there is none.</param>
    public static bool Do(this Damage damage, string path, byte[]? another)
    {
        byte[] content = File.ReadAllBytes(path);
        switch (damage)
        {
            case Damage.Cut:
                File.WriteAllBytes(path, content[..(content.Length / 2)]);
                return true;
            case Damage.Emptied:
                File.WriteAllBytes(path, []);
                return true;
            case Damage.Zeroed:
                File.WriteAllBytes(path, new byte[content.Length]);
                return true;
            case Damage.OneBit:
                content[content.Length * 2 / 3] ^= 4;
                File.WriteAllBytes(path, content);
                return true;
            case Damage.Deleted:
                File.Delete(path);
                return true;
            case Damage.OfAnotherEntry when another is not null:
                File.WriteAllBytes(path, another);
                return true;
            case Damage.ChangedDigit when path.EndsWith(".json", StringComparison.Ordinal):
                string text = File.ReadAllText(path);
                Match number = Digit().Matches(text) is { Count: > 0 } all ? all[all.Count / 2] : throw new InvalidOperationException(text);
                File.WriteAllText(path, $"{text[..number.Index]}{(number.Value == "7" ? '8' : '7')}{text[(number.Index + 1)..]}");
                return true;
            case Damage.Unreadable:
                // Permissions do not hold back root, under whom tests may run; nobody reads a folder as a file.
                File.Delete(path);
                Directory.CreateDirectory(path);
                return true;
            default:
                return false;
        }
    }

    // Inside of numbers, so that JSON stays valid.
    [GeneratedRegex(@"(?<=: -?[0-9.]*)[0-9](?=[,\n])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digit();
}
