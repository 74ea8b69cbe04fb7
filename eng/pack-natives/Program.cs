// pack-natives ARCHIVE LIST: writes the archive of a package. Each line of LIST is FILE|NAME IN THE ARCHIVE.
using MerBench.Host.IO;

(string File, string Name)[] files =
[
    .. File.ReadLines(args[1]).Where(line => line.Length > 0).Select(line => line.Split('|')).Select(parts => (parts[0], parts[1])),
];
string unfinished = $"{args[0]}.unfinished";
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(args[0]))!);
using (FileStream archive = File.Create(unfinished))
    NativeArchive.Write(archive, files);
File.Move(unfinished, args[0], overwrite: true);
