using MerBench.Reports.Html;
using MerBench.Reports.Listening;
using MerBench.Tests.Data;

namespace MerBench.Tests.Listening;

public sealed class EmbeddedFilesTests
{
    [Test]
    public void Sounds_are_embedded_as_long_as_there_is_room_and_counted_where_not()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "a", "b", "c" })
            File.WriteAllBytes(folder.File(name + ".wav"), new byte[300]);
        var files = new EmbeddedFiles(folder.Path, 2500);
        var three = new SoundFiles("a.wav", "b.wav", "c.wav");
        Assert.That(files.Sounds(three)!.Clean, Is.EqualTo($"data:audio/wav;base64,{new string('A', 400)}"));
        Assert.That(files.Sounds(three with { Difference = "gone.wav" }), Is.Null, "a file is gone");
        Assert.That(files.Sounds(three), Is.Not.Null);
        Assert.That((files.Sounds(three), files.LeftOut), Is.EqualTo(((SoundFiles?)null, 2)), "no room is left");
    }
}
